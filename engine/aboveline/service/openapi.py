"""The description of the API: every error in its one shape, and the roles that each operation wants."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import aboveline

from .guard import GuardedRoute, guarded_routes
from .problems import PROBLEM_JSON, ProblemDocument
from .security.current import Requires

__all__ = ["describe"]

_REF = "#/components/schemas/{model}"
_FIRST_ERROR = 400
_ERRORS = {
    400: "The request cannot be read",
    408: "What was sent came too slowly",
    413: "What was sent is too large",
    415: "What was sent is of the wrong kind",
    421: "The service is not known by that name",
    422: "Some of what was sent cannot be used",
    429: "Asked too often",
    500: "Something went wrong",
    503: "Something the service needs cannot be reached",
}
_OF_CALLERS = {
    401: "Nobody is signed in",
    403: "The caller lacks the role",
    404: "It does not exist, or is not in the caller's areas",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="Aboveline",
            version=aboveline.__version__,
            description="Audits of probation case records against inspection expectations.",
            routes=app.router.routes,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        whole = ProblemDocument.model_json_schema(ref_template=_REF)
        schemas.update(whole.pop("$defs", {}))
        schemas["ProblemDocument"] = whole
        document["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        for route in guarded_routes(app):
            _complete(document, route)
        app.openapi_schema = document
    return app.openapi_schema


def _complete(document: dict[str, Any], route: GuardedRoute) -> None:
    for method in route.methods or ():
        operation = document["paths"].get(route.path_format, {}).get(method.lower())
        if operation is None:
            continue
        answers = operation.setdefault("responses", {})
        answers.pop("422", None)
        errors = dict(_ERRORS)
        if isinstance(route.declared, Requires):
            errors |= _OF_CALLERS
            operation["security"] = [{"bearer": []}]
            operation["x-roles"] = sorted(route.declared.roles)
        for status, meaning in sorted(errors.items()):
            answers.setdefault(str(status), {"description": meaning})
        for status, told in answers.items():
            if status.isdecimal() and int(status) >= _FIRST_ERROR and "content" not in told:
                told["content"] = {PROBLEM_JSON: {"schema": {"$ref": _REF.format(model="ProblemDocument")}}}
