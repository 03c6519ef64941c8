"""What each page shows: a frozen model for each, and the functions that build it from engine objects."""
