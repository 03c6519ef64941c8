"""The PDF, read back by another library: tagged, named, in English, with its text in order."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from aboveline.reports.document import build
from aboveline.reports.pdf import to_pdf
from aboveline.result import AuditResult
from full_result import HOSTILE

WHERE_A_LONG_WORD_MAY_BREAK = "\u200b"


@pytest.fixture(scope="module")
def reader(full: AuditResult) -> PdfReader:
    """Return the PDF of the full result."""
    return PdfReader(io.BytesIO(to_pdf(build(full))))


def test_pdf_is_tagged_and_says_what_it_is(reader: PdfReader, full: AuditResult) -> None:
    """It has a structure tree, a language, a title that is shown, and says that it is PDF/UA-1."""
    root = reader.root_object

    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata
    assert reader.metadata.title == build(full).title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()  # type: ignore[attr-defined]


def test_pdf_has_real_headings_tables_and_lists(reader: PdfReader) -> None:
    """The tree has a title, headings of three levels, header cells with a scope, lists and captions."""
    tags, scopes = _tags(reader)

    assert {
        "/Title",
        "/H1",
        "/H2",
        "/H3",
        "/P",
        "/L",
        "/LI",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/Caption",
    } <= tags
    assert {"/Column"} <= scopes


def test_pdf_has_the_report_in_order(reader: PdfReader, full: AuditResult) -> None:
    """Its text has every section, in order, and its outline leads to them."""
    text = " ".join("".join(page.extract_text() + " " for page in reader.pages).split())
    titles = [section.title for section in build(full).sections]
    places = [text.rindex(title) for title in titles]

    assert sorted(places) == places
    assert full.manifest.rulebook in text
    assert titles == [str(one["/Title"]) for one in reader.outline if not isinstance(one, list)]
    assert HOSTILE in text.replace(WHERE_A_LONG_WORD_MAY_BREAK, "")


def test_pdf_brings_its_fonts(reader: PdfReader) -> None:
    """Every font is in the file."""
    fonts = {
        name: font.get_object()
        for page in reader.pages
        for name, font in page["/Resources"]["/Font"].items()  # type: ignore[index]
    }

    assert fonts
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def _tags(reader: PdfReader) -> tuple[set[str], set[str]]:
    tags: set[str] = set()
    scopes: set[str] = set()
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            tags.add(str(node.get("/S")))
            attributes = node.get("/A")
            for one in attributes if isinstance(attributes, list) else [attributes]:
                if one is not None and "/Scope" in one.get_object():
                    scopes.add(str(one.get_object()["/Scope"]))
            if "/K" in node:
                waiting.append(node["/K"])
    return tags, scopes
