"""What every answer tells the browser: what it may load, keep, frame and say of where it came from."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aboveline.service.settings import Settings

__all__ = ["Headers", "nonce_of"]

_UNUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join(f"{name}=()" for name in _UNUSED)


def nonce_of(request: Request) -> str:
    """Return what an inline script or style of this answer must carry to be let run."""
    return str(request.scope["aboveline.nonce"])


class Headers:
    """Sets them on every answer, of routes and of errors alike."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        provider = urlsplit(settings.auth_external_url or settings.auth_url)
        # Signing out is a form that ends at the identity provider.
        self._form_action = f"'self' {provider.scheme}://{provider.netloc}"
        self._always = {
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            # Not no-referrer: with that, a browser sends `Origin: null` from our own forms.
            "referrer-policy": "same-origin",
            "permissions-policy": _PERMISSIONS,
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "x-permitted-cross-domain-policies": "none",
        }
        if settings.is_production:
            self._always["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = scope["aboveline.nonce"] = secrets.token_urlsafe(16)

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers.setdefault(name, value)
                headers["content-security-policy"] = self._policy(nonce)
                # Most answers tell of cases. What may be kept says so itself.
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, add)

    def _policy(self, nonce: str) -> str:
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' 'nonce-{nonce}'",
                f"style-src 'self' 'nonce-{nonce}'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                f"form-action {self._form_action}",
            )
        )
