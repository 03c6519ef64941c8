"""The rules: an index by outcome, and a page for each question, as ``aboveline.rulepages`` writes it."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape

from aboveline.reports.words import many
from aboveline.rulebook import Question, Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Table, View, cell, columns

__all__ = ["RulePage", "RulesPage", "rule_page", "rules_page"]

_CLASSES = {
    "h2": "govuk-heading-m", "h3": "govuk-heading-s", "p": "govuk-body", "ul": "govuk-list govuk-list--bullet",
    "table": "govuk-table", "thead": "govuk-table__head", "tbody": "govuk-table__body", "tr": "govuk-table__row",
    "th": "govuk-table__header", "td": "govuk-table__cell",
}  # fmt: skip


class RulesPage(View):
    """Every question by outcome."""

    told: str
    outcomes: tuple[Table, ...]


class RulePage(View):
    """What is expected by a question. ``html`` is made of the rulebook's own words, escaped."""

    question: str
    html: str


def rules_page(rulebook: Rulebook) -> RulesPage:
    """Build the index of the rules."""
    return RulesPage(
        title="The rules",
        told=f"{many(len(rulebook.active), 'question')} are asked of each case. Rulebook {rulebook.hash[:12]}.",
        outcomes=tuple(
            Table(
                caption=outcome.title,
                columns=columns("Question", "Criteria", "Answered by"),
                rows=tuple(
                    (
                        cell(
                            f"{one.id} {one.title}",
                            urls.rule(one.id),
                            note=None if one.scored else "not scored",
                        ),
                        cell(", ".join(one.criteria)),
                        cell(_answered_by(one)),
                    )
                    for one in rulebook.questions
                    if one.outcome == outcome.id
                ),
            )
            for outcome in rulebook.framework.outcomes.values()
        ),
    )


def rule_page(question: Question, markdown: str) -> RulePage:
    """Build a question's page from its Markdown, as ``rulepages.rule_pages`` has it under ``ID.md``."""
    body = markdown.partition("\n# ")[2].partition("\n")[2]
    return RulePage(title=f"{question.id} {question.title}", question=question.id, html=_html(body))


def _answered_by(question: Question) -> str:
    if not question.judged:
        return "the record"
    return "the record, then an assessor" if question.deficiencies else "an assessor"


def _html(markdown: str) -> str:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    heading = ""
    tokens = parser.parse(markdown)
    for place, token in enumerate(tokens):
        if token.tag in _CLASSES and token.nesting == 1:
            token.attrSet("class", _CLASSES[token.tag])
        if token.type == "heading_open":
            heading = tokens[place + 1].content
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "table_open":
            token.meta["caption"] = heading
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


def _table_open(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    caption = escape(tokens[place].meta["caption"])
    return (
        f'<div class="ab-scroll" role="group" tabindex="0" aria-label="{caption}">\n<table class="govuk-table">'
        f'<caption class="govuk-visually-hidden">{caption}</caption>\n'
    )


def _table_close(_self: Any, _tokens: Sequence[Token], _place: int, _options: Any, _env: Any) -> str:
    return "</table>\n</div>\n"
