"""What the API takes and gives, a module for each kind of thing: frozen models that forbid what they do not know."""
