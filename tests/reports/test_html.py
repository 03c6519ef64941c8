"""The web page: complete in itself, safe, and made so that it can be read with any means."""

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

from aboveline.reports.document import build
from aboveline.reports.html import to_html
from aboveline.result import AuditResult

VOID = {"meta", "link", "br", "img", "input", "rect"}


class _Tree(HTMLParser):
    """Elements in order, with their attributes, and whether each was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert tag == self.open.pop()


def _tree(page: str) -> _Tree:
    tree = _Tree()
    tree.feed(page)
    tree.close()
    return tree


def test_page_is_closed_as_it_was_opened(page: str) -> None:
    """Every element is closed in its turn."""
    assert [] == _tree(page).open


def test_page_asks_for_nothing_else(page: str) -> None:
    """No script, link, picture, frame or address of another place; its policy forbids every request."""
    elements = _tree(page).elements
    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)

    assert style
    assert set() == {tag for tag, _ in elements} & {"script", "link", "img", "iframe", "object", "form"}
    assert set() == {a for _, attrs in elements for a in attrs} & {
        "src",
        "srcset",
        "style",
        "onclick",
        "action",
    }
    assert all((attrs["href"] or "").startswith("#") for _, attrs in elements if "href" in attrs)
    assert "url(" not in style[1].replace("url(#hatch)", "")
    assert "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(a["content"] for _, a in elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_texts_of_an_input_are_text(full: AuditResult) -> None:
    """Markup in a record stands on the page as it was written, and does nothing."""
    page = to_html(build(full))

    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; “quoted”" in page


def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    """One first heading, and no level left out on the way down."""
    levels = [int(tag[1]) for tag, _ in _tree(page).elements if re.fullmatch(r"h[1-6]", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_links_and_labels_lead_to_one_element(page: str) -> None:
    """Ids are unlike each other, and each link and label names one that is there."""
    elements = _tree(page).elements
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    named = [attrs["aria-labelledby"] for _, attrs in elements if "aria-labelledby" in attrs]
    linked = [(attrs["href"] or "")[1:] for tag, attrs in elements if tag == "a"]

    assert len(set(ids)) == len(ids)
    assert set() == {*named, *linked} - set(ids)


def test_tables_have_a_caption_and_scopes(page: str) -> None:
    """Each table has a caption, and each header cell says what it is the header of."""
    elements = _tree(page).elements
    tags = [tag for tag, _ in elements]

    assert tags.count("table") == tags.count("caption") > 0
    assert {"col", "row"} == {attrs["scope"] for tag, attrs in elements if tag == "th"}


def test_bars_are_not_told_by_colour_alone(page: str) -> None:
    """What is insufficient is hatched, and a bar's numbers stand in its row."""
    assert '<pattern id="hatch"' in page
    assert ".below { fill: url(#hatch);" in page
    bars = re.findall(r'<svg class="bar" aria-hidden="true"[^>]*>.*?</svg></th>(<td[^>]*>\d+</td>){2}', page)
    assert page.count('<svg class="bar"') == len(bars) > 0
