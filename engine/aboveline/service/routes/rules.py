"""The rules: every question, and the page that says in words what is expected."""

from functools import lru_cache

from fastapi import Request
from starlette.responses import Response

from aboveline.rulebook import Question
from aboveline.rulepages import rule_pages
from aboveline.service.guard import Router
from aboveline.service.models.rules import RecommendationView, Rules, RuleView
from aboveline.service.problems import not_found
from aboveline.service.security.current import SignedIn
from aboveline.service.work.desk import rules_of

from .common import TAGGED, Id, tagged, told

__all__ = ["router"]

router = Router(prefix="/v1/rules", tags=["Rules"])


@router.get("", response_model=Rules, responses=TAGGED)
def list_rules(request: Request, caller: SignedIn) -> Response:  # noqa: ARG001 - it says who may
    """List every question, the packs of time standards, and what an audit can recommend."""
    rules = rules_of()
    return told(
        request,
        Rules(
            rulebook=rules.hash,
            standards={name: pack.title for name, pack in rules.packs.items()},
            questions=tuple(map(RuleView.of, rules.questions)),
            recommendations=tuple(
                RecommendationView(id=one.id, text=one.text, questions=one.questions)
                for one in rules.framework.recommendations.values()
            ),
        ),
    )


@router.get("/{question_id}", response_model=RuleView, responses=TAGGED)
def get_rule(request: Request, question_id: Id, caller: SignedIn) -> Response:  # noqa: ARG001 - the same
    """Show a question, with what is found to fall short of it."""
    return told(request, RuleView.of(_question(question_id)))


@router.get(
    "/{question_id}/page",
    response_class=Response,
    responses={200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}, **TAGGED},
)
def get_rule_page(request: Request, question_id: Id, caller: SignedIn) -> Response:  # noqa: ARG001 - the same
    """Give the page of a question, in Markdown."""
    text = _pages().get(f"{_question(question_id).id}.md")
    if text is None:
        raise not_found()
    return tagged(request, text.encode(), "text/markdown; charset=utf-8")


def _question(name: str) -> Question:
    for one in rules_of().questions:
        if one.id == name:
            return one
    raise not_found()


@lru_cache(maxsize=1)
def _pages() -> dict[str, str]:
    return dict(rule_pages(rules_of()))
