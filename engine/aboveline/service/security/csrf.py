"""Whether a request that changes something was meant by whoever's browser sent it.

Two things are asked, and both must hold: it comes from a page of ours (the
browser says so), and it carries the token of the session, in the form field
``csrf_token`` or the header ``X-CSRF-Token``. A bearer token needs neither:
no browser sends one by itself.
"""

import hmac

from starlette.requests import Request

from aboveline.service.problems import ProblemError, forbidden

__all__ = ["FIELD", "HEADER", "SAFE_METHODS", "need_our_page", "need_token"]

FIELD = "csrf_token"
HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def need_our_page(request: Request, origin: str) -> None:
    """Go on only if the browser says that a page of ours sent this.

    Raises:
        ProblemError: it names another, or none.
    """
    if request.headers.get("origin") != origin:
        raise _refused("the Origin header does not name this service")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise _refused("Sec-Fetch-Site is not same-origin")


async def need_token(request: Request, expected: str) -> None:
    """Go on only if the request carries the token of the session.

    Raises:
        ProblemError: it does not.
    """
    sent: object = request.headers.get(HEADER)
    if sent is None and request.headers.get("content-type", "").split(";")[0].strip().lower() in _FORMS:
        sent = (await request.form()).get(FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise _refused("the token of the session is missing or another's")


def _refused(reason: str) -> ProblemError:
    return forbidden(
        "This page has been open too long. Go back, load it again and try once more.",
        code="CSRF",
        developer=f"Refused: {reason}.",
    )
