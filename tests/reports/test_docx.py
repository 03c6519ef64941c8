"""The Word document, read back: real headings, tables whose headers repeat, a language and a title."""

import datetime as dt
import io

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from aboveline.reports.document import Section, build
from aboveline.reports.docx import to_docx
from aboveline.result import AuditResult


@pytest.fixture(scope="module")
def word(full: AuditResult) -> WordDocument:
    """Return the document of the full result."""
    return docx.Document(io.BytesIO(to_docx(build(full))))


def test_headings_are_those_of_the_report(word: WordDocument, full: AuditResult) -> None:
    """Every section has a heading of its level, in order."""

    def titles(section: Section, level: int) -> list[tuple[str, str]]:
        inner = [one for part in section.sections for one in titles(part, level + 1)]
        return [(f"Heading {level}", section.title), *inner]

    found = [
        (p.style.name, p.text) for p in word.paragraphs if p.style and str(p.style.name).startswith("Heading")
    ]

    assert [one for section in build(full).sections for one in titles(section, 1)] == found


def test_each_numbered_list_starts_at_one(word: WordDocument, full: AuditResult) -> None:
    """Strengths and improvements are lists of Word's own, and none counts on from the one before."""
    numbers = [
        paragraph._p.xpath("string(./w:pPr/w:numPr/w:numId/@w:val)")
        for paragraph in word.paragraphs
        if paragraph.style and paragraph.style.name == "List Number"
    ]
    lists = {(one.outcome, kind) for kind in ("strengths", "improvements") for one in getattr(full, kind)}

    assert len(full.strengths) + len(full.improvements) == len(numbers)
    assert len(lists) == len(set(numbers))
    assert any(p.style and p.style.name == "List Bullet" for p in word.paragraphs)


def test_tables_repeat_their_header_and_keep_rows_whole(word: WordDocument) -> None:
    """The first row of each table is marked as its header, and no row is broken over pages."""
    assert word.tables
    for table in word.tables:
        first, *rest = table.rows
        assert first._tr.trPr is not None
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in rest:
            assert row._tr.trPr is not None
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_document_says_what_it_is(word: WordDocument, full: AuditResult) -> None:
    """It has the report's title, the audit's day as its own, and its language."""
    about = word.core_properties

    assert about.title == build(full).title
    assert about.created == dt.datetime(2013, 12, 2, tzinfo=dt.UTC)
    assert about.language == "en-GB"
    language = word.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"


def test_texts_of_an_input_are_text(full: AuditResult) -> None:
    """Markup stands as it was written; what XML cannot hold is marked, and the document opens."""
    one = full.judged_insufficient[0]
    broken = one.model_copy(update={"reason": "a\x00b\x1f <w:p/>"})
    changed = full.model_copy(update={"judged_insufficient": (broken,)})

    word = docx.Document(io.BytesIO(to_docx(build(changed))))

    assert "a\ufffdb\ufffd <w:p/>" in {
        cell.text for table in word.tables for row in table.rows for cell in row.cells
    }
