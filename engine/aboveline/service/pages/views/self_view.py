"""How practitioners see their own work, beside what an audit found."""

from collections.abc import Mapping

from aboveline.answers import Answer, in_words
from aboveline.reports.words import many
from aboveline.result import AuditResult
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Pair, Table, View, cell, columns, pair, share

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
    said: dict[str, list[tuple[bool, bool]]] = {}
    for one in result.answers:
        engine = dict.fromkeys(one.sufficient, True) | dict.fromkeys(one.insufficient, False)
        for question, answer in own.get(one.case, {}).items():
            if question in engine and answer in {Answer.SUFFICIENT, Answer.INSUFFICIENT}:
                said.setdefault(question, []).append((answer is Answer.SUFFICIENT, engine[question]))
    everything = [pair_ for found in said.values() for pair_ in found]
    alike = sum(mine == its for mine, its in everything)
    kinder = sum(mine and not its for mine, its in everything)
    harder = sum(its and not mine for mine, its in everything)
    n = len(everything)
    titles = {one.id: one.title for one in result.questions}
    return SelfViewPage(
        title="Self-view against findings",
        audit=audit,
        told=f"{many(len([case for case in own if own[case]]), 'case')} assessed by practitioners, beside the audit as at {in_words(result.manifest.as_of)}. Only questions are compared to which both gave an answer that counts.",
        pairs=(
            pair("Both say the same", share(alike, n)),
            pair("Kinder than the findings", share(kinder, n)),
            pair("Harder than the findings", share(harder, n)),
        ),
        table=Table(
            caption="By question",
            columns=columns("Question", "Self-view: sufficient", "Findings: sufficient", "Same answer"),
            rows=tuple(
                (
                    cell(f"{question} {titles[question]}", urls.audit_question(audit, question)),
                    cell(share(sum(mine for mine, _ in found), len(found))),
                    cell(share(sum(its for _, its in found), len(found))),
                    cell(share(sum(mine == its for mine, its in found), len(found))),
                )
                for question, found in sorted(said.items())
            ),
            empty="No question has both answers yet.",
        ),
    )  # fmt: skip
