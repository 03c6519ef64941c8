"""Files that are the same for everybody: style, scripts, pictures. They tell nothing of any case."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

__all__ = ["Assets"]


class Assets(StaticFiles):
    """A folder of such files: the only thing besides guarded routes that the application takes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, which a browser may keep for a day."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=86400"
        return response
