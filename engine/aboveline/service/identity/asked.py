"""What was sent to the development identity provider: forms of a bounded size, and who a client says that it is."""

from base64 import b64decode
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request

__all__ = ["basic_of", "form_of"]

_LARGEST_FORM = 16 * 1024


async def form_of(request: Request) -> dict[str, str]:
    """Return the first value of each field of a form; nothing of one that is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}


def basic_of(request: Request) -> tuple[str, str] | None:
    """Return the name and the secret of a client, where it sends them so."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(sent).decode().partition(":")
    except ValueError:
        return None
    return unquote_plus(name), unquote_plus(secret)
