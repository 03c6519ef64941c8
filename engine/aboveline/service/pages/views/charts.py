"""Charts as numbers to draw. Each has a title, words that say the same, and stands beside a table of its figures."""

import datetime as dt
from collections.abc import Sequence
from textwrap import wrap

from aboveline.case.base import Record

__all__ = ["Bar", "Dot", "IntervalChart", "Line", "Tick", "TrendChart", "interval_chart", "trend_chart"]

_WIDTH, _LEFT, _FOOT = 600, 20, 34
_LINE, _GAP, _LONGEST = 22, 34, 40
_UP, _DOWN, _FROM = 20, 220, 64


class Tick(Record):
    """A mark on an axis."""

    x: float
    text: str
    anchor: str = "middle"


class Bar(Record):
    """A score with its interval. ``at`` is none where nothing counts."""

    lines: tuple[Tick, ...]
    y: int
    at: float | None
    low: float | None
    high: float | None


class IntervalChart(Record):
    """Scores on a scale of 0 to 100%, each with its interval."""

    id: str
    title: str
    description: str
    caption: str
    height: int
    grid: tuple[Tick, ...]
    bars: tuple[Bar, ...]


class Dot(Record):
    """A point of a line."""

    x: float
    y: float


class Line(Record):
    """One line, told apart by its dashes and by the letter on each of its points."""

    name: str
    mark: str
    points: str
    dots: tuple[Dot, ...]


class TrendChart(Record):
    """Scores over time."""

    id: str
    title: str
    description: str
    grid: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    lines: tuple[Line, ...]


def interval_chart(
    title: str, scores: Sequence[tuple[str, int | None, tuple[int, int] | None]]
) -> IntervalChart:
    """Draw scores with their intervals, each under its name."""

    def x(percent: int) -> float:
        return _LEFT + percent * _WIDTH / 100

    bars: list[Bar] = []
    y = 0
    for name, score, interval in scores:
        lines = []
        for text in wrap(name, _LONGEST):
            y += _LINE
            lines.append(Tick(x=y, text=text))
        y += _GAP
        bars.append(
            Bar(
                lines=tuple(lines),
                y=y - _GAP // 2,
                at=None if score is None else x(score),
                low=None if interval is None else x(interval[0]),
                high=None if interval is None else x(interval[1]),
            )
        )
    told = [
        f"{name}: {score}%, interval {interval[0]}% to {interval[1]}%" if score is not None and interval else f"{name}: no answer"
        for name, score, interval in scores
    ]  # fmt: skip
    return IntervalChart(
        id="scores",
        title=title,
        description=". ".join(told) + ".",
        caption="A dot is the score, the line its 95% interval. The same figures are in the table.",
        height=y + _FOOT,
        grid=tuple(Tick(x=x(percent), text=f"{percent}%") for percent in (0, 25, 50, 75, 100)),
        bars=tuple(bars),
    )


def trend_chart(
    title: str, days: Sequence[dt.date], lines: Sequence[tuple[str, str, Sequence[int | None]]]
) -> TrendChart | None:
    """Draw scores over time: lines as mark, name and a score for each day. None where there are not two days to join."""
    if len(set(days)) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    first, last = min(days), max(days)

    def x(day: dt.date) -> float:
        return round(_FROM + (day - first).days * (620 - _FROM) / (last - first).days, 1)

    def y(score: int) -> float:
        return round(_DOWN - score * (_DOWN - _UP) / 100, 1)

    drawn = []
    for mark, name, scores in lines:
        dots = tuple(
            Dot(x=x(day), y=y(score)) for day, score in zip(days, scores, strict=True) if score is not None
        )
        drawn.append(
            Line(name=name, mark=mark, points=" ".join(f"{dot.x},{dot.y}" for dot in dots), dots=dots)
        )
    told = "; ".join(
        f"{name}: " + ", ".join("no answer" if score is None else f"{score}%" for score in scores)
        for _, name, scores in lines
    )
    return TrendChart(
        id="trend",
        title=title,
        description=f"{told}. The days are {', '.join(day.isoformat() for day in days)}.",
        grid=tuple(Tick(x=y(percent), text=f"{percent}%") for percent in (0, 25, 50, 75, 100)),
        dates=(
            Tick(x=x(first), text=f"{first.day} {first:%b %Y}", anchor="start"),
            Tick(x=x(last), text=f"{last.day} {last:%b %Y}", anchor="end"),
        ),
        lines=tuple(drawn),
    )
