"""Polars that answers the twenty questions for every case, as we do, as somebody would write it by hand for speed.

What ``columns`` and ``packed`` find is where work is deficient. An audit also
says where it is sufficient, where nobody can tell for want of a record, and what
a question is not about. So this is the same work as ours: one of the four
answers for each question and case, what sources cannot hold taken into account
and overrides in place of what was computed. None of the twenty is judged, and
each has one deficiency, without an ``except``.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from aboveline.packing import Packed

from .asking import Frames, queries
from .coded import CODES, INSUFFICIENT, QUESTIONS, WORDS, codes_at, otherwise
from .common import FIELDS, TWENTY
from .doubting import doubted_in, leave_open
from .packed import as_at

__all__ = ["Answered", "answer_packed", "answer_tables", "answers_in", "tables_to_answer"]


@dataclass(frozen=True)
class Answered:
    """Answers to the twenty, as computed and as overridden.

    ``computed`` has a frame for each question: the numbers of cases, in order, and a
    code for each (see ``_by_case``). Cases not in it have the answer that a question has of itself.
    """

    many: int
    computed: Mapping[str, pl.DataFrame]
    overrides: Mapping[str, pl.DataFrame]

    def counts(self) -> pl.DataFrame:
        """Return how many cases have which answer to which question."""
        tallies = {}
        for question, frame in self.computed.items():
            tally = _tally(frame[question])
            tally[otherwise(question)] += self.many - frame.height
            if (said := self.overrides.get(question)) is not None:
                before = _tally(codes_at(frame, question, said["case"]))
                after = _tally(said[question])
                tally = [n - b + a for n, b, a in zip(tally, before, after, strict=True)]
            tallies[question] = tally
        return pl.DataFrame(
            {
                "question": [question for question in tallies for _ in CODES],
                "answer": pl.Series(list(WORDS.categories) * len(tallies), dtype=WORDS),
                "cases": [n for tally in tallies.values() for n in tally],
            }
        )

    def findings(self) -> pl.DataFrame:
        """Return which deficiencies were found in which cases, by number, where that is still the answer."""
        found = []
        for question, deficiency in zip(QUESTIONS, TWENTY, strict=True):
            rows = self.computed[question].lazy().filter(pl.col(question) == INSUFFICIENT)
            if (said := self.overrides.get(question)) is not None:
                undone = said.filter(pl.col(question) != INSUFFICIENT)["case"]
                rows = rows.filter(~pl.col("case").is_in(undone.implode()))
            found.append(rows.select("case", pl.lit(deficiency).alias("deficiency")))
        return pl.concat(found).collect()

    def answers(self) -> pl.DataFrame:
        """Return a column of answers for each question, with a row for each case."""
        every = pl.DataFrame({"case": pl.int_range(self.many, dtype=pl.UInt32, eager=True)})
        words = pl.Series(WORDS.categories, dtype=WORDS)
        columns = [every["case"]]
        for question, frame in self.computed.items():
            codes = every.join(frame.select("case", question), on="case", how="left", maintain_order="left")
            column = codes[question].fill_null(otherwise(question))
            if (said := self.overrides.get(question)) is not None:
                column = column.scatter(said["case"], said[question])
            columns.append(words.gather(column).alias(question))
        return pl.DataFrame(columns)


def answer_packed(folder: Path, as_of: dt.date, within: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the counts by question and answer, and the deficiencies found with their cases, from packed files.

    The files are checked as ours are.
    """
    Packed.open(folder)
    listed = pl.scan_parquet(folder / "cases.parquet").select("case", "incomplete")
    tables = tables_to_answer(folder, as_of) | {"cases": listed}
    # To read it all at once and then ask takes less time than one query from files to answers.
    read = dict(zip(tables, pl.collect_all(tables.values(), engine="streaming"), strict=True))
    cases = read.pop("cases")
    answered = answers_in({kind: table.lazy() for kind, table in read.items()}, cases, as_of, within)
    found = answered.findings()
    return answered.counts(), found.with_columns(cases["case"].gather(found["case"]))


def answer_tables(frames: Frames, cases: pl.DataFrame, as_of: dt.date, within: int) -> pl.DataFrame:
    """Return how many cases have which answer to which of the twenty questions."""
    return answers_in(frames, cases, as_of, within).counts()


def tables_to_answer(folder: Path, as_of: dt.date) -> dict[str, pl.LazyFrame]:
    """Return a table for each kind that the twenty read as at a date, and what assessors put in place of answers."""
    tables = {kind: as_at(folder, kind, as_of) for kind in FIELDS}
    tables["override"] = pl.scan_parquet(folder / "override.parquet").select(
        pl.col("number").cast(pl.UInt32).alias("case"), "question", "answer", "made_on"
    )
    return {kind: table.with_columns(pl.col("case").set_sorted()) for kind, table in tables.items()}


def answers_in(frames: Frames, cases: pl.DataFrame, as_of: dt.date, within: int) -> Answered:
    """Return the answers of cases, of a table for each kind. ``cases`` says what the source of each cannot hold."""
    every = [*queries(frames, as_of, within), _said(frames["override"], as_of)]
    *collected, said = pl.collect_all(every)
    computed = {question: frame for frame in collected for question in frame.columns if question in QUESTIONS}
    doubted = doubted_in(cases)
    if doubted.height:
        computed = leave_open(computed, frames, doubted)
    overrides = {
        str(question): of_question.rename({"code": str(question)})
        for (question,), of_question in said.partition_by("question", as_dict=True).items()
    }
    return Answered(cases.height, {question: computed[question] for question in QUESTIONS}, overrides)


def _said(overrides: pl.LazyFrame, as_of: dt.date) -> pl.LazyFrame:
    """Return what was said last of each of the questions and each case by a date; of two on one day, the later in the record."""
    return (
        overrides.filter(pl.col("question").is_in(QUESTIONS) & (pl.col("made_on") <= as_of))
        .sort("made_on", maintain_order=True)
        .unique(["case", "question"], keep="last", maintain_order=True)
        .select(
            "case",
            "question",
            pl.col("answer")
            .cast(pl.String)
            .replace_strict({str(answer): code for answer, code in CODES.items()}, return_dtype=pl.UInt8)
            .alias("code"),
        )
    )


def _tally(codes: pl.Series) -> list[int]:
    return [int((codes == code).sum()) for code in CODES.values()]
