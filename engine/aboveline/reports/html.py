"""Write a report as one web page that needs nothing else: no script, no font, no picture, no connection.

It follows WCAG 2.2 AA and the manners of GOV.UK pages. Each chart is a table
whose rows hold a bar, so the figures are read with or without seeing it. The
page's own policy forbids every request, and all text is escaped.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from .document import Document, Section, Table
from .document.model import Bar, Block, Bullets, Cell, Chart, Column, Kind, Pairs, Paragraph, cell_text
from .words import percent

__all__ = ["to_html"]

_HATCH = (
    '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2.5" height="6"/>'
    "</pattern></defs></svg>"
)
_KEY = (
    '<p class="key" aria-hidden="true">'
    '<span><svg width="24" height="12"><rect class="above" width="24" height="12"/></svg> sufficient</span> '
    '<span><svg width="24" height="12"><rect class="below" x="0.5" y="0.5" width="23" height="11"/></svg>'
    " insufficient</span></p>"
)

_IDENTIFIER = re.compile(r"\b[A-Z]{1,4}-\d{2,}(?:\.\d+)?\b")
_SHORT = 10
"""Rows of a table that is kept on one page in print."""
_ORDINARY = Column(title="").width


def to_html(document: Document) -> str:
    """Return the page."""
    return "\n".join(_page(document)) + "\n"


def _page(document: Document) -> Iterator[str]:
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(document.title)
    yield '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{title} - Aboveline</title>"
    yield f"<style>{style}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#main">Skip to main content</a>'
    yield '<header><div class="width"><p class="product">Aboveline</p></div></header>'
    yield _HATCH
    yield '<div class="width">'
    yield f'<main id="main" tabindex="-1">\n<h1>{title}</h1>\n<p class="lead">{escape(document.lead)}</p>'
    yield from _contents(document.sections)
    for section in document.sections:
        yield from _section(section, 2)
    yield f'</main>\n</div>\n<footer><div class="width"><p>{title}</p></div></footer>\n</body>\n</html>'


def _contents(sections: Iterable[Section]) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n<ul>'
    for section in sections:
        yield f'<li><a href="#{escape(section.id)}">{escape(section.title)}</a></li>'
    yield "</ul>\n</nav>"


def _section(section: Section, level: int) -> Iterator[str]:
    name = escape(section.id)
    yield "<section>"
    yield f'<h{level} id="{name}">{escape(section.title)}</h{level}>'
    for place, block in enumerate(section.blocks):
        yield from _block(block, f"{name}-{place}")
    for inner in section.sections:
        yield from _section(inner, level + 1)
    yield "</section>"


def _block(block: Block, name: str) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"<p>{_words(block.text)}</p>"
        case Bullets():
            tag = "ol" if block.numbered else "ul"
            items = "\n".join(f"<li>{_words(item)}</li>" for item in block.items)
            yield f"<{tag}>\n{items}\n</{tag}>"
        case Pairs():
            yield "<dl>"
            for term, meaning in block.pairs:
                yield f"<div><dt>{escape(term)}</dt><dd>{escape(meaning)}</dd></div>"
            yield "</dl>"
        case Table():
            yield from _table(block, name)
        case Chart():
            yield from _chart(block, name)


def _table(table: Table, name: str) -> Iterator[str]:
    heads = [(column.title, _class(column)) for column in table.columns]
    rows = [
        [
            (_words(cell_text(value, column)) + _share(value, column), _class(column))
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    yield from _grid(escape(table.caption), heads, rows, name)


def _chart(chart: Chart, name: str) -> Iterator[str]:
    heads = [("Question", ""), *((title, "number") for title in ("Sufficient", "Insufficient", "Score"))]
    rows = [
        [
            (f"{_words(f'{bar.title} ({bar.id})')}{_bar(bar, chart.scale)}", ""),
            *((text, "number") for text in (str(bar.sufficient), str(bar.insufficient), percent(bar.score))),
        ]
        for bar in chart.bars
    ]
    yield from _grid(f"{escape(chart.caption)}{_KEY}", heads, rows, name, "chart")


def _grid(
    caption: str,
    heads: list[tuple[str, str]],
    rows: list[list[tuple[str, str]]],
    name: str,
    kind: str = "",
) -> Iterator[str]:
    """Write a table of cells, each with its class.

    On a narrow screen the cells of a row stand under each other, and roles keep
    them a table. A table that is still too wide scrolls by itself, so it can be
    reached by keyboard.
    """
    classes = " ".join(["scroll", *([kind] if kind else []), *(["short"] if len(rows) <= _SHORT else [])])
    yield f'<div class="{classes}" role="group" tabindex="0" aria-labelledby="{name}">'
    yield f'<table role="table">\n<caption id="{name}">{caption}</caption>'
    columns = "".join(
        f'<th role="columnheader" scope="col"{_named(of)}>{escape(title)}</th>' for title, of in heads
    )
    yield f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>\n<tbody role="rowgroup">'
    for (first, of_first), *rest in rows:
        cells = "".join(
            f'<td role="cell" data-label="{escape(title)}"{_named(of)}>{text}</td>'
            for (text, of), (title, _) in zip(rest, heads[1:], strict=True)
        )
        yield f'<tr role="row"><th role="rowheader" scope="row"{_named(of_first)}>{first}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _words(text: str) -> str:
    """Return text in which no identifier is broken over lines."""
    return _IDENTIFIER.sub(r'<span class="whole">\g<0></span>', escape(text))


def _named(of: str) -> str:
    return f' class="{of}"' if of else ""


def _class(column: Column) -> str:
    if column.kind is Kind.TEXT:
        return "wide" if column.width > _ORDINARY else ""
    return column.kind.value


def _share(value: Cell, column: Column) -> str:
    if column.kind is not Kind.PERCENT or not isinstance(value, int):
        return ""
    return _svg(f'<rect class="above" width="{value}%" height="100%"/>', "share")


def _bar(bar: Bar, scale: int) -> str:
    above, below = (f"{100 * count / max(scale, 1):.2f}%" for count in (bar.sufficient, bar.insufficient))
    return _svg(
        f'<rect class="above" width="{above}" height="100%"/>'
        f'<rect class="below" x="{above}" width="{below}" height="100%"/>',
        "bar",
    )


def _svg(shapes: str, name: str) -> str:
    return f'<svg class="{name}" aria-hidden="true" focusable="false">{shapes}</svg>'
