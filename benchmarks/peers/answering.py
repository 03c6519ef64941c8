"""Polars that answers the twenty questions for every case, as we do, as somebody would write it by hand for speed.

What ``columns`` and ``packed`` find is where work is deficient. An audit also
says where it is sufficient, where nobody can tell for want of a record, and what
a question is not about. So this is the same work as ours: one of the four
answers for each question and case, what sources cannot hold taken into account
and overrides in place of what was computed. None of the twenty is judged, and
each has one deficiency, without an ``except``.

The facts of a case stand together in every table, in the order of the cases. So
no table is hashed to bring together what a case has. Each fact has an answer of
its own, and the greatest of them is the case's: there is nothing to do for a case
with one fact, and for the others a maximum runs along the table (``_by_case``).
A plan is the last of its case where none is later, before it or after it in the
table (``_extreme``).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from aboveline.answers import Answer
from aboveline.packing import Packed
from aboveline.workdays import numbers

from .common import FIELDS, TWENTY
from .packed import as_at

__all__ = ["Answered", "answer_packed", "answer_tables", "answers_in", "tables_to_answer"]

_CODES = {
    Answer.NOT_APPLICABLE: 0,
    Answer.SUFFICIENT: 1,
    Answer.NOT_ASSESSED: 2,
    Answer.INSUFFICIENT: 3,
}
"""Of the answers that facts of a case have by themselves, the greatest is the case's."""

_NOT_APPLICABLE, _SUFFICIENT, _NOT_ASSESSED, _INSUFFICIENT = (
    pl.lit(code, pl.UInt8) for code in _CODES.values()
)
_WORDS = pl.Enum([str(answer) for answer in _CODES])

_QUESTIONS = tuple(deficiency.partition(".")[0] for deficiency in TWENTY)
_OF_EVERY_CASE = frozenset({"DS-47", "RR-20"})

_READ_BY: Mapping[str, str] = {
    **dict.fromkeys(("DS-07", "DS-21", "DS-22", "DS-23", "DS-24", "PP-14", "PP-17", "PP-31"), "plan"),
    "AS-01": "court_report",
    "DS-40": "enforcement",
    "DS-43": "transfer",
    "DS-50": "allocation",
    "PP-30": "visor",
    "RR-12": "approved_premises",
    "RR-13": "intervention",
    "VW-02": "victim",
}
"""The kind of fact that a question is about, where it is about one alone."""

_ABSENT = frozenset({"DS-07", "DS-21", "DS-22", "DS-23", "DS-24", "PP-17", "RR-12"})
"""Of those, the questions whose deficiency rests on something not being there."""

Frames = Mapping[str, pl.LazyFrame]


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
            tally[_otherwise(question)] += self.many - frame.height
            if (said := self.overrides.get(question)) is not None:
                before = _tally(_at(frame, question, said["case"]))
                after = _tally(said[question])
                tally = [n - b + a for n, b, a in zip(tally, before, after, strict=True)]
            tallies[question] = tally
        return pl.DataFrame(
            {
                "question": [question for question in tallies for _ in _CODES],
                "answer": pl.Series(list(_WORDS.categories) * len(tallies), dtype=_WORDS),
                "cases": [n for tally in tallies.values() for n in tally],
            }
        )

    def findings(self) -> pl.DataFrame:
        """Return which deficiencies were found in which cases, by number, where that is still the answer."""
        found = []
        for question, deficiency in zip(_QUESTIONS, TWENTY, strict=True):
            rows = self.computed[question].lazy().filter(pl.col(question) == _INSUFFICIENT)
            if (said := self.overrides.get(question)) is not None:
                otherwise = said.filter(pl.col(question) != _INSUFFICIENT)["case"]
                rows = rows.filter(~pl.col("case").is_in(otherwise.implode()))
            found.append(rows.select("case", pl.lit(deficiency).alias("deficiency")))
        return pl.concat(found).collect()

    def answers(self) -> pl.DataFrame:
        """Return a column of answers for each question, with a row for each case."""
        every = pl.DataFrame({"case": pl.int_range(self.many, dtype=pl.UInt32, eager=True)})
        words = pl.Series(_WORDS.categories, dtype=_WORDS)
        columns = [every["case"]]
        for question, frame in self.computed.items():
            codes = every.join(frame.select("case", question), on="case", how="left", maintain_order="left")
            column = codes[question].fill_null(_otherwise(question))
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
    queries = [*_queries(frames, as_of, within), _said(frames["override"], as_of)]
    *collected, said = pl.collect_all(queries)
    computed = {
        question: frame for frame in collected for question in frame.columns if question in _QUESTIONS
    }
    doubted = _doubted(cases)
    if doubted.height:
        computed = _in_doubt(computed, frames, doubted)
    overrides = {
        str(question): of_question.rename({"code": str(question)})
        for (question,), of_question in said.partition_by("question", as_dict=True).items()
    }
    return Answered(cases.height, {question: computed[question] for question in _QUESTIONS}, overrides)


def _queries(table: Frames, as_of: dt.date, within: int) -> Iterator[pl.LazyFrame]:
    """Yield queries of the answers, each of questions about the same facts."""
    plans = {
        kind: table["plan"].filter(pl.col("type") == kind)
        for kind in ("sentence_plan", "risk_management_plan")
    }
    in_force = _extreme("completed_on", last=True)
    current = plans["sentence_plan"].filter(in_force)
    due = pl.col("review_due_on")
    yield _by_case(
        current,
        {
            "DS-07": _done("person_involved"),
            "DS-21": _decided(due.is_null()),
            "DS-22": _done("review_triggers"),
            "DS-23": _done("review_period_apt"),
            "DS-24": _done("workers_recorded"),
            "to be reviewed": due.is_not_null().cast(pl.UInt8),
        },
    ).with_columns(pl.col("DS-23") * pl.col("to be reviewed"))
    last = current.select("case", "completed_on").filter(_ends())
    barriers = table["barrier"].join(last, on="case", maintain_order="left")
    yield _by_case(
        barriers.filter(pl.col("identified_on") <= pl.col("completed_on")), {"DS-14": _done("in_plan")}
    )
    yield _by_case(
        plans["risk_management_plan"],
        {
            "PP-14": _done("contingency"),
            "PP-17": pl.when(in_force).then(_done("person_involved")).otherwise(_SUFFICIENT),
            "PP-31": _done("carried_out"),
        },
    )
    started = table["enforcement"].filter(pl.col("started_on").is_not_null())
    late = pl.col("explained_on").is_null() & (pl.col("started_on") <= _late_since(as_of, within))
    yield _by_case(started, {"DS-40": _decided(late)})
    yield _by_case(_not_complied(table, as_of), {"DS-47": pl.col("DS-47")})
    handed_over = table["allocation"].filter(~(_begins() & _ends()))
    changes = handed_over.filter(~_extreme("allocated_on", last=False))
    yield _by_case(changes, {"DS-50": _done("delivery_maintained")})
    actions = table["mappa_action"].join(table["mappa"], on="case", how="semi", maintain_order="left")
    yield _by_case(actions, {"PP-22": _done("in_plan")})
    # Of several stays one with interventions is enough, so the greatest here is the best.
    delivered = pl.col("interventions_delivered")
    best = _decided(delivered, open_if=delivered.is_null())
    yield _by_case(table["approved_premises"], {"RR-12": best}).with_columns(
        (4 - pl.col("RR-12")).alias("RR-12")
    )
    begun = table["intervention"].filter(pl.col("started_on").is_not_null())
    yield _by_case(_that_matter(begun, "prepared"), {"RR-13": _done("prepared")})
    started_on = pl.col("started_on")
    offences = table["further_offence"].join(
        table["sentence"].select("case", "started_on"), on="case", maintain_order="left"
    )
    since = pl.col("recorded_on") >= started_on
    yield _by_case(offences, {"RR-20": _decided(since, open_if=started_on.is_null())})
    yield _by_case(table["court_report"], {"AS-01": _done("record_on_file")})
    yield _by_case(table["transfer"], {"DS-43": _done("manager_clear")})
    yield _by_case(table["visor"], {"PP-30": _done("used_effectively")})
    victims = _that_matter(table["victim"], "safety_prioritised")
    yield _by_case(victims, {"VW-02": _done("safety_prioritised")})


def _not_complied(table: Frames, as_of: dt.date) -> pl.LazyFrame:
    """Return what says that somebody did not comply unaided, and the absences of which nobody recorded what they were."""
    verdict = pl.col("verdict")
    absences = table["absence"].filter((verdict == "unacceptable") | verdict.is_null())
    missed = table["appointment"].filter(
        pl.col("outcome").is_in(["unacceptable_absence", "attended_and_did_not_comply"])
        & (pl.col("planned_for") <= as_of)
    )
    untold = missed.join(
        table["absence"], left_on=["case", "planned_for"], right_on=["case", "occurred_on"], how="anti"
    )
    said = absences.select(
        "case", pl.when(verdict.is_null()).then(_NOT_ASSESSED).otherwise(_INSUFFICIENT).alias("DS-47")
    )
    acted = (
        frame.select("case", _INSUFFICIENT.alias("DS-47"))
        for frame in (untold, table["warning"], table["enforcement"])
    )
    return pl.concat([said, *acted]).sort("case")


def _that_matter(frame: pl.LazyFrame, field: str) -> pl.LazyFrame:
    """Return the last fact of each case, and of the others those where a field does not say yes: for kinds of which cases have many."""
    return frame.filter(_ends() | pl.col(field).is_null() | ~pl.col(field))


def _done(field: str) -> pl.Expr:
    """Return the answer of a fact: insufficient where a field says no, not assessed where it says nothing."""
    return _decided(~pl.col(field), open_if=pl.col(field).is_null())


def _decided(found: pl.Expr, open_if: pl.Expr | None = None) -> pl.Expr:
    answer = pl.when(found).then(_INSUFFICIENT).otherwise(_SUFFICIENT)
    return answer if open_if is None else pl.when(open_if).then(_NOT_ASSESSED).otherwise(answer)


def _by_case(frame: pl.LazyFrame, answers: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """Return the greatest of the answers of each case's facts: first the cases with one fact, then the others, each in order."""
    rows = frame.select(
        "case",
        *(answer.alias(name) for name, answer in answers.items()),
        (_begins() & _ends()).alias("alone"),
    )
    # The case's number is the higher part of what the maximum is of, so with each case it begins anew.
    running = ((pl.col("case") * 4 + pl.col(name)).cum_max().alias(name) for name in answers)
    several = rows.filter(~pl.col("alone")).select("case", *running, "alone").filter(_ends())
    return pl.concat(
        [
            rows.filter("alone"),
            several.select("case", *((pl.col(name) % 4).cast(pl.UInt8) for name in answers), "alone"),
        ]
    )


def _begins() -> pl.Expr:
    """Tell of every row whether it is its case's first."""
    return pl.col("case").ne_missing(pl.col("case").shift(1))


def _ends() -> pl.Expr:
    """Tell of every row whether it is its case's last."""
    return pl.col("case").ne_missing(pl.col("case").shift(-1))


def _extreme(day: str, *, last: bool) -> pl.Expr:
    """Tell of every row whether none of its case has a later day (or an earlier one)."""
    case = pl.col("case").cast(pl.Int64) * (1 << 32)  # no day comes to as much
    days = pl.col(day).cast(pl.Int32).cast(pl.Int64)
    days = days if last else -days
    rising, falling = case + days, days - case
    return (rising == rising.cum_max()) & (falling == falling.cum_max(reverse=True))


def _late_since(as_of: dt.date, within: int) -> dt.date:
    """Return the last day of which so many working days are over by a date."""
    day = as_of
    while numbers(day).down + within >= numbers(as_of).up:
        day -= dt.timedelta(days=1)
    return day


def _said(overrides: pl.LazyFrame, as_of: dt.date) -> pl.LazyFrame:
    """Return what was said last of each of the questions and each case by a date; of two on one day, the later in the record."""
    return (
        overrides.filter(pl.col("question").is_in(_QUESTIONS) & (pl.col("made_on") <= as_of))
        .sort("made_on", maintain_order=True)
        .unique(["case", "question"], keep="last", maintain_order=True)
        .select(
            "case",
            "question",
            pl.col("answer")
            .cast(pl.String)
            .replace_strict({str(answer): code for answer, code in _CODES.items()}, return_dtype=pl.UInt8)
            .alias("code"),
        )
    )


def _doubted(cases: pl.DataFrame) -> pl.DataFrame:
    """Return the cases of which a source cannot hold some kind that the twenty read, with each such kind."""
    lists = cases.lazy().select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("case"), pl.col("incomplete").alias("kind")
    )
    lacking = lists.filter(pl.col("kind").list.len() > 0).explode("kind")
    return lacking.filter(pl.col("kind").is_in(list(FIELDS))).collect()


def _in_doubt(
    computed: Mapping[str, pl.DataFrame], table: Frames, doubted: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the answers with those changed that a kind which a source cannot hold leaves open.

    A part of a rule is in doubt where a kind that it looks for may be there after all, and
    all else that it looks for is there or may be. A deficiency stands that was found on
    what is recorded, unless it rests on something being absent that may be there.
    """
    cases = doubted["case"].unique().sort()
    there = {
        kind: table[kind]
        for kind in ("barrier", "further_offence", "mappa", "mappa_action", "plan", "sentence")
    }
    unacceptable = table["absence"].filter(pl.col("verdict") == "unacceptable")
    acted = (unacceptable, table["warning"], table["enforcement"])
    there["acted"] = pl.concat(frame.select("case") for frame in acted)
    seen = pl.collect_all(
        [
            frame.filter(pl.col("case").is_in(cases.implode())).select("case").unique()
            for frame in there.values()
        ]
    )
    of_kind = dict(doubted.group_by("kind").agg("case").iter_rows())
    columns = pl.DataFrame(
        [
            cases,
            *(_at(frame, question, cases).alias(question) for question, frame in computed.items()),
            *(cases.is_in(of_kind.get(kind, [])).alias(f"no {kind}") for kind in FIELDS),
            *(cases.is_in(one["case"].implode()).alias(kind) for kind, one in zip(there, seen, strict=True)),
        ]
    )
    changed = columns.select(
        "case",
        *(
            pl.when(open_if).then(_NOT_ASSESSED).otherwise(question).alias(question)
            for question, open_if in _left_open()
        ),
    )
    return {
        question: pl.concat(
            [
                frame.select("case", question).filter(~pl.col("case").is_in(cases.implode())),
                changed.select("case", question),
            ]
        )
        .sort("case")
        .with_columns(pl.lit(value=True).alias("alone"))
        for question, frame in computed.items()
    }


def _left_open() -> Iterator[tuple[str, pl.Expr]]:
    """Yield of each question which cases are left open by what sources cannot hold."""

    def lacks(*kinds: str) -> pl.Expr:
        return pl.any_horizontal(f"no {kind}" for kind in kinds)

    def may_have(kind: str) -> pl.Expr:
        return pl.col(kind) | lacks(kind)

    for question in _QUESTIONS:
        found = pl.col(question) == _INSUFFICIENT
        if question in _READ_BY:
            doubt = lacks(_READ_BY[question])
            yield question, doubt if question in _ABSENT else doubt & ~found
        elif question == "DS-14":
            yield (
                question,
                (lacks("plan") & may_have("barrier")) | (lacks("barrier") & pl.col("plan") & ~found),
            )
        elif question == "DS-47":
            # What was missed rests on there being no absence that says otherwise.
            sure = pl.when(lacks("absence")).then(pl.col("acted")).otherwise(found)
            yield question, lacks("absence", "warning", "enforcement", "appointment") & ~sure
        elif question == "PP-22":
            applies = pl.col(question) != _NOT_APPLICABLE
            yield (
                question,
                (lacks("mappa_action") & may_have("mappa") & ~found)
                | (lacks("mappa") & pl.col("mappa_action") & ~applies),
            )
        else:
            both = may_have("sentence") & may_have("further_offence")
            yield question, lacks("sentence", "further_offence") & both & ~found


def _at(frame: pl.DataFrame, question: str, cases: pl.Series) -> pl.Series:
    """Return the answers to a question of some cases."""
    otherwise = pl.Series([_otherwise(question)], dtype=pl.UInt8)
    codes = otherwise.new_from_index(0, len(cases))
    many = int(frame["alone"].sum())
    for part in (frame.head(many), frame.tail(-many) if many else frame):
        if part.height:
            places = part["case"].search_sorted(cases).clip(upper_bound=part.height - 1)
            codes = part[question].gather(places).zip_with(part["case"].gather(places) == cases, codes)
    return codes


def _otherwise(question: str) -> int:
    return _CODES[Answer.SUFFICIENT if question in _OF_EVERY_CASE else Answer.NOT_APPLICABLE]


def _tally(codes: pl.Series) -> list[int]:
    return [int((codes == code).sum()) for code in _CODES.values()]
