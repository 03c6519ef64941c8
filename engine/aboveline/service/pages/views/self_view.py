"""How practitioners see their own work, beside what an audit found."""

from collections.abc import Mapping

from aboveline.answers import Answer, in_words
from aboveline.reports.words import many
from aboveline.result import AuditResult
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Pair, Table, View, cell, columns, pair, share
from aboveline.service.work.self_view import self_view_of

__all__ = ["SelfViewPage", "self_view"]


class SelfViewPage(View):
    """How practitioners see their own work, beside what the engine found, over the same cases and questions."""

    audit: str
    told: str
    pairs: tuple[Pair, ...]
    table: Table


def self_view(audit: str, result: AuditResult, own: Mapping[str, Mapping[str, Answer]]) -> SelfViewPage:
    """Build the page that sets assessors' answers beside an audit's.

    Args:
        audit: the id of the audit.
        result: what it found, with its answers listed.
        own: assessors' answers, by case and question. Only where both say
            sufficient or insufficient is an answer compared.
    """
    seen = self_view_of(result, own)
    n = seen.overall.compared
    titles = {one.id: one.title for one in result.questions}
    return SelfViewPage(
        title="Self-view against findings",
        audit=audit,
        told=f"{many(seen.cases, 'case')} assessed by practitioners, beside the audit as at {in_words(result.manifest.as_of)}. Only questions are compared to which both gave an answer that counts.",
        pairs=(
            pair("Both say the same", share(seen.overall.same, n)),
            pair("Kinder than the findings", share(seen.overall.kinder, n)),
            pair("Harder than the findings", share(seen.overall.harder, n)),
        ),
        table=Table(
            caption="By question",
            columns=columns("Question", "Self-view: sufficient", "Findings: sufficient", "Same answer"),
            rows=tuple(
                (
                    cell(f"{question} {titles[question]}", urls.audit_question(audit, question)),
                    cell(share(found.own, found.compared)),
                    cell(share(found.found, found.compared)),
                    cell(share(found.same, found.compared)),
                )
                for question, found in seen.questions
            ),
            empty="No question has both answers yet.",
        ),
    )  # fmt: skip
