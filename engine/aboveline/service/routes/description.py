"""The API's description, and a page to read it by. The page loads nothing from any other host."""

from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.problems import not_found
from aboveline.service.security.current import is_open
from aboveline.service.security.headers import nonce_of

__all__ = ["router"]

_FILES = {
    "favicon-32x32.png": "image/png",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Aboveline API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="swagger-ui/swagger-ui.css">
<link rel="icon" type="image/png" href="swagger-ui/favicon-32x32.png">
</head>
<body>
<main id="api"><noscript>The description is at <a href="v3/api-docs">v3/api-docs</a>.</noscript></main>
<script src="swagger-ui/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
SwaggerUIBundle({{url: "v3/api-docs", dom_id: "#api", validatorUrl: null}});
</script>
</body>
</html>
"""

router = Router(include_in_schema=False, dependencies=[is_open("what the API can do")])


@router.get("/v3/api-docs")
async def api_docs(request: Request) -> Any:
    """Return the description, as OpenAPI."""
    return JSONResponse(request.app.openapi())


@router.get("/swagger-ui.html")
async def swagger_ui(request: Request) -> Response:
    """Return the page."""
    return HTMLResponse(_PAGE.format(nonce=nonce_of(request)))


@router.get("/swagger-ui/{name}")
def swagger_ui_file(name: str) -> Response:
    """Return what the page is made of, and no other file of the package that brings it."""
    if name not in _FILES:
        raise not_found()

    body = files("swagger_ui").joinpath("static", name).read_bytes()
    return Response(body, media_type=_FILES[name], headers={"cache-control": "public, max-age=86400"})
