"""How reports put figures and names into words. One way of saying a thing, in every format."""

from collections.abc import Collection, Iterable

from aboveline.answers import EvidenceGap

__all__ = ["NO_ANSWER", "clause", "gap", "in_cases", "label", "many", "names", "percent", "percent_range"]

NO_ANSWER = "no answer"
"""What stands in place of a score where nothing counts."""

_SPELT = {"ldu": "LDU", "mappa": "MAPPA", "rosh": "RoSH", "visor": "ViSOR"}
"""How the field spells what identifiers have in small letters."""


def many(count: int, one: str, more: str | None = None) -> str:
    """Return a count with its noun: ``1 case``, ``2 cases``, ``1,256 answers``."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def percent(score: int | None) -> str:
    """Return a whole percentage, or say that there is none."""
    return NO_ANSWER if score is None else f"{score}%"


def percent_range(score: int | None, score_range: tuple[int, int] | None) -> str:
    """Return how far gaps in the evidence could move a score; nothing where they could not."""
    if score_range is None or score_range == (score, score):
        return ""
    return f"{score_range[0]}% to {score_range[1]}%"


def in_cases(sufficient: int, insufficient: int, score: int | None) -> str:
    """Return a score with the numbers behind it: ``44 of 49 cases (90%)``."""
    n = sufficient + insufficient
    return f"{sufficient} of {many(n, 'case')} ({percent(score)})"


def clause(title: str) -> str:
    """Return a question's title as it stands within a sentence: a first word that is no acronym loses its capital."""
    first = title.split(" ", 1)[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def label(name: str) -> str:
    """Return an identifier of the framework as a heading: ``alcohol_misuse`` is ``Alcohol misuse``, ``rosh`` is ``RoSH``."""
    words = _words(name)
    return words[:1].upper() + words[1:]


def _words(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").split(" ")
    return " ".join(_SPELT.get(word, word) for word in words)


def gap(one: EvidenceGap) -> str:
    """Say what is missing: a field, or a kind of fact."""
    return f"{one.kind}.{one.field} {one.reason}" if one.field else f"{_words(one.kind)} {one.reason}"


def names(cases: Collection[str] | Iterable[str], most: int = 6) -> str:
    """Return the first few names in order, and how many more there are."""
    everyone = sorted(cases)
    rest = len(everyone) - most
    return ", ".join(everyone[:most]) + (f" and {rest} more" if rest > 0 else "")
