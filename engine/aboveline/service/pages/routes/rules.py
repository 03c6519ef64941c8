"""The rules browser: what is expected, question by question."""

from functools import lru_cache

from fastapi import Request
from starlette.responses import Response

from aboveline.rulepages import rule_pages
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import show
from aboveline.service.pages.views import rules
from aboveline.service.problems import not_found
from aboveline.service.security.current import SignedIn
from aboveline.service.work.desk import rules_of

__all__ = ["router"]

router = PageRouter()


@router.get(urls.RULES)
def rules_page(request: Request, caller: SignedIn) -> Response:
    """List the questions."""
    return show(request, "rules", rules.rules_page(rules_of()), caller=caller)


@router.get(urls.RULES + "/{question_id}")
def rule_page(request: Request, question_id: str, caller: SignedIn) -> Response:
    """Show a question with its rule."""
    markdown = _written().get(f"{question_id}.md")
    found = [one for one in rules_of().questions if one.id == question_id]
    if markdown is None or not found:
        raise not_found()
    return show(request, "rule", rules.rule_page(found[0], markdown), caller=caller)


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    return dict(rule_pages(rules_of()))
