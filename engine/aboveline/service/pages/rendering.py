"""Put a view into its template."""

import datetime as dt
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from aboveline.answers import in_words
from aboveline.reports.words import label, many

from . import context, urls
from .context import PageContext
from .views.parts import View

__all__ = ["render"]

_READERS = (context.READ, context.WRITE)
_NAVIGATION = (
    ("Dashboard", urls.DASHBOARD, _READERS),
    ("Audits", urls.AUDITS, _READERS),
    ("Cases", urls.CASES, _READERS),
    ("Uploads", urls.UPLOADS, (context.WRITE,)),
    ("Action plan", urls.ACTIONS, _READERS),
    ("Moderation", urls.MODERATION, (context.JUDGE,)),
    ("Rules", urls.RULES, None),
    ("Impact", urls.IMPACT, (context.ADMIN,)),
    ("Trail", urls.TRAIL, (context.ADMIN,)),
    ("Users", urls.USERS, (context.ADMIN,)),
    ("Retention", urls.RETENTION, (context.ADMIN,)),
)


def render(name: str, view: View, page: PageContext) -> str:
    """Return a page as HTML: the template of that name, filled in with a view.

    Raises:
        jinja2.TemplateNotFound: there is no such page.
        AttributeError: the template asks for something that the view does not have.
    """
    return _environment().get_template(f"{name}.html").render(
        view=view,
        page=page,
        cspNonce=page.csp_nonce,
        assetPath=urls.ASSETS,
        navigation=[
            {"text": text, "href": address, "active": _under(page.path, address)}
            for text, address, roles in _NAVIGATION
            if page.user and (roles is None or page.may(*roles))
        ],
    )  # fmt: skip


def _under(path: str, address: str) -> bool:
    return path == address or (address != urls.DASHBOARD and path.startswith(f"{address}/"))


class _Environment(ImmutableSandboxedEnvironment):
    """Refuses what a view does not have. GOV.UK's macros rest on optional parameters being undefined, so others may be."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, BaseModel):
            if attribute in type(obj).model_fields:
                return getattr(obj, attribute)  # most of what is asked for, and nothing that could be unsafe
            if not hasattr(obj, attribute):
                raise AttributeError(f"{type(obj).__name__} has no {attribute}")
        return super().getattr(obj, attribute)


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("aboveline.service.pages"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(urls=urls, roles=context, govukRebrand=True)
    environment.filters.update(words=in_words, heading=label, day=_day, count=many)
    return environment


def _day(value: dt.date) -> str:
    return f"{value.day} {value:%b %Y}"
