"""What every page needs to know of the request that asks for it."""

from aboveline.case.base import Record

__all__ = ["ADMIN", "JUDGE", "READ", "WRITE", "PageContext", "Site"]

READ = "ROLE_ABOVELINE__AUDIT__RO"
WRITE = "ROLE_ABOVELINE__AUDIT__RW"
JUDGE = "ROLE_ABOVELINE__JUDGE"
ADMIN = "ROLE_ABOVELINE__ADMIN"


class Site(Record):
    """What is the same on every page.

    ``gov_uk`` is for a service on ``service.gov.uk`` and no other: it brings the
    crown, and takes assets that were written with the typeface
    (``pages.assets``). ``feedback`` is an address to write to, none where
    there is none; ``notice`` warns on every page, as of a development identity.
    """

    name: str = "Aboveline"
    gov_uk: bool = False
    feedback: str | None = None
    notice: str | None = None


class PageContext(Record):
    """The caller and the request: nonce, token, name, roles, path.

    ``done`` says what the caller has just done, once.
    """

    csp_nonce: str
    csrf_token: str
    path: str
    user: str | None = None
    roles: frozenset[str] = frozenset()
    done: str | None = None
    site: Site = Site()

    def may(self, *roles: str) -> bool:
        """Tell whether the caller has one of the roles."""
        return not self.roles.isdisjoint(roles)
