"""An identity provider for development: it lets anybody be any of some invented people.

It answers nobody but this machine, and says what it is on its page and in the
log. Production has its own provider; this one refuses to be made there.
"""

from .people import PEOPLE, InventedUsers, Person
from .provider import create_identity

__all__ = ["PEOPLE", "InventedUsers", "Person", "create_identity"]
