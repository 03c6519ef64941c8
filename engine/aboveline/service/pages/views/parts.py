"""What views are made of: tables, tags, links, pages of long lists, forms with their errors, figures with their n."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeVar

from aboveline.answers import Answer, in_words
from aboveline.breakdowns.interval import wilson
from aboveline.case.base import Record
from aboveline.facts import Scalar
from aboveline.reports.words import label
from aboveline.rulebook import Severity
from aboveline.service.pages import urls

__all__ = [
    "ANSWER_COLOURS", "NOT_COUNTED", "PER_PAGE", "TOO_FEW", "Cell", "Colour", "Column", "FieldError", "KeyOf", "Link", "Option", "Pager",
    "Pair", "Row", "Table", "Tag", "View", "answer_tag", "cell", "columns", "listed", "moment", "of_n", "page_of", "pair", "severity_tag", "share",
]  # fmt: skip

PER_PAGE = 25
"""Rows of a long list that are shown at once."""

TOO_FEW = "too few to show"
"""What stands in place of a number that is left out to protect people."""

NOT_COUNTED = "no answer"
"""What stands in place of a percentage where nothing counts."""

Colour = Literal["grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"]
KeyOf = Callable[[str], str]
"""Gives the opaque key by which a case is known in addresses."""
T = TypeVar("T")


class FieldError(Record):
    """What is wrong with a field of a form, said so that a person can put it right."""

    field: str
    text: str


class View(Record):
    """What a page shows. ``errors`` are of its form; with any, the title says so."""

    title: str
    errors: tuple[FieldError, ...] = ()

    def error(self, field: str) -> str | None:
        """Return what is wrong with a field, if anything is."""
        return next((one.text for one in self.errors if one.field == field), None)


class Link(Record):
    """Words that lead somewhere."""

    text: str
    href: str


class Tag(Record):
    """A word that stands out. The colour says nothing that the word does not."""

    text: str
    colour: Colour = "grey"


class Cell(Record):
    """A cell of a table: text, a link or a tag, with a second line where there is more to say."""

    text: str
    href: str | None = None
    tag: Tag | None = None
    note: str | None = None


class Column(Record):
    """A column of a table."""

    title: str
    number: bool = False


Row = tuple[Cell, ...]


class Table(Record):
    """A table with a caption. Where it has no row, ``empty`` is said in its place."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = "There is nothing to show."


class Pair(Record):
    """A key with its value, as in a summary list."""

    key: str
    value: str
    href: str | None = None


class Option(Record):
    """A choice in a form."""

    value: str
    text: str
    hint: str | None = None


class Pager(Record):
    """Where a page of a long list stands among the others."""

    page: int
    pages: int
    total: int
    address: str

    def href(self, page: int) -> str:
        """Return the address of another page."""
        return urls.page_of(self.address, page)

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """The pages to link to, with none where some are left out."""
        wanted = sorted(
            {1, self.page - 1, self.page, self.page + 1, self.pages} & set(range(1, self.pages + 1))
        )
        found: list[int | None] = []
        for one in wanted:
            if found and found[-1] is not None and one - found[-1] > 1:
                found.append(None)
            found.append(one)
        return tuple(found)


def page_of(
    items: Sequence[T], page: int, address: str, per_page: int = PER_PAGE
) -> tuple[Sequence[T], Pager]:
    """Return the items of a page, and where it stands; a page that does not exist is the nearest that does."""
    pages = max(1, -(-len(items) // per_page))
    page = min(max(page, 1), pages)
    return items[(page - 1) * per_page : page * per_page], Pager(
        page=page, pages=pages, total=len(items), address=address
    )


def listed(
    table: Table, items: Sequence[T], row: Callable[[T], Row], page: int, address: str
) -> tuple[Table, Pager]:
    """Return a page of a long list: a table that has no row yet with those of the page, and where the page stands."""
    shown, pager = page_of(items, page, address)
    return table.model_copy(update={"rows": tuple(map(row, shown))}), pager


def cell(
    value: Scalar | None, href: str | None = None, *, note: str | None = None, tag: Tag | None = None
) -> Cell:
    """Return a cell of text; what is not recorded says so, and thousands are set apart."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    text = value if isinstance(value, str) else f"{value:,}" if is_number else in_words(value)
    return Cell(text=text, href=href, note=note, tag=tag)


def moment(at: dt.datetime) -> str:
    """Return a moment in words."""
    return f"{in_words(at.date())} at {at:%H:%M}"


def pair(key: str, value: Scalar | None, href: str | None = None) -> Pair:
    """Return a key with its value in words."""
    return Pair(key=key, value=cell(value).text, href=href)


def share(good: int | None, counted: int | None, score: int | None = None) -> str:
    """Return a proportion with its n: ``90% (44 of 49)``; numbers that are suppressed are said to be too few."""
    if good is None or counted is None:
        return TOO_FEW
    if not counted:
        return NOT_COUNTED
    percent = score if score is not None else (200 * good + counted) // (2 * counted)
    return f"{percent}% ({good:,} of {counted:,})"


def of_n(good: int, counted: int) -> str:
    """Return Wilson's interval for a proportion at 95%, in words; nothing where nothing is counted."""
    if not counted:
        return ""
    low, high = wilson(good, counted)
    return f"{low}% to {high}%"


ANSWER_COLOURS: Mapping[Answer, Colour] = {
    Answer.SUFFICIENT: "green",
    Answer.INSUFFICIENT: "red",
    Answer.NOT_APPLICABLE: "grey",
    Answer.NOT_ASSESSED: "yellow",
}
_SEVERITIES: Mapping[str, Colour] = {"low": "grey", "medium": "yellow", "high": "red"}


def answer_tag(answer: Answer) -> Tag:
    """Return an answer as a tag."""
    return Tag(text=label(answer), colour=ANSWER_COLOURS[answer])


def severity_tag(severity: Severity) -> Tag:
    """Return a severity as a tag."""
    return Tag(text=label(severity), colour=_SEVERITIES.get(str(severity), "grey"))


def columns(*titles: str, numbers: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return columns by their titles, of which some hold numbers."""
    of_numbers = set(numbers)
    return tuple(Column(title=title, number=title in of_numbers) for title in titles)
