"""Charts as plain geometry; templates draw them as SVG with classes, so that print and the dark scheme need no code."""

import functools
import math
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from surveys.disclosure import half_up

WIDTH = 320
LEFT, RIGHT = 24, 296
LABEL_MARGIN = 38  # half the width of a label: it stays inside the picture


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A value on the axis, and where its label stands."""

    x: float
    label_x: float
    label: str


@dataclass(frozen=True)
class Dumbbell:
    """Two values of one thing on a common axis, joined by a line."""

    title: str
    ticks: tuple[Tick, ...]
    before: Mark | None
    after: Mark | None
    left: int = LEFT
    right: int = RIGHT

    @property
    def grid(self) -> str:
        """The path of the lines above the axis."""
        return _grid(self.ticks)

    @property
    def scale(self) -> SafeString:
        """The numbers below the axis."""
        return _scale(self.ticks)


# A page shows a handful of charts on the same few axes: each axis is drawn once in a process.
@functools.lru_cache(maxsize=100)
def _grid(ticks: tuple[Tick, ...]) -> str:
    return "".join(f"M{tick.x:g} 24v48" for tick in ticks)


@functools.lru_cache(maxsize=100)
def _scale(ticks: tuple[Tick, ...]) -> SafeString:
    drawn = '<text class="chart-label" x="{}" y="90" text-anchor="middle">{}</text>'
    return format_html_join("", drawn, ((f"{tick.x:g}", tick.label) for tick in ticks))


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval, beside the line of no change."""

    title: str
    ticks: tuple[Tick, ...]
    low: float
    high: float
    estimate: Mark
    zero: float
    left: int = LEFT
    right: int = RIGHT


def number(value: float, decimals: int = 1) -> str:
    """As it is written in Britain: halves rounded up, with a real minus sign."""
    return f"{half_up(value, decimals):.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int = 1) -> str:
    return f"{'+' if half_up(value, decimals) > 0 else ''}{number(value, decimals)}"


def _x(value: float, low: float, high: float) -> float:
    return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)


def _mark(value: float, low: float, high: float, label: str) -> Mark:
    x = _x(value, low, high)
    return Mark(x, min(max(x, LABEL_MARGIN), WIDTH - LABEL_MARGIN), label)


@functools.lru_cache(maxsize=100)
def _ticks(low: float, high: float, step: float, sign: bool = False) -> tuple[Tick, ...]:
    count = round((high - low) / step)
    values = [low + i * step for i in range(count + 1)]
    places = 0 if float(step).is_integer() else 1
    return tuple(
        Tick(_x(value, low, high), signed(value, places) if sign else number(value, places)) for value in values
    )


def dumbbell(
    title: str, low: float, high: float, before: float | None, after: float | None, decimals: int = 2
) -> Dumbbell:
    """The chart of one person's score before and after, on the whole scale."""
    step = 1 if high - low <= 10 else (high - low) / 6
    return Dumbbell(
        title=title,
        ticks=_ticks(low, high, step),
        before=None if before is None else _mark(before, low, high, f"Before {number(before, decimals)}"),
        after=None if after is None else _mark(after, low, high, f"After {number(after, decimals)}"),
    )


def reach_of(values: list[float]) -> float:
    """How far an axis around zero has to reach, in whole points and one at least, to hold all the values."""
    return float(max(1, *(math.ceil(abs(value)) for value in values))) if values else 1.0


def interval(title: str, estimate: float, low: float, high: float, reach: float) -> Interval:
    """The chart of a mean change with its interval, on an axis from −reach to reach."""
    return Interval(
        title=title,
        ticks=_ticks(-reach, reach, reach / 2, sign=True),
        low=_x(low, -reach, reach),
        high=_x(high, -reach, reach),
        estimate=_mark(estimate, -reach, reach, signed(estimate, 2)),
        zero=_x(0, -reach, reach),
    )


@dataclass(frozen=True)
class ForestLine:
    """One group's interval in a chart of several: where its name, its line and its point stand."""

    label: str
    value: str
    label_y: float
    y: float
    low: float
    high: float
    x: float


@dataclass(frozen=True)
class Forest:
    """Estimates of several groups with their intervals, below each other on one axis around no change."""

    title: str
    ticks: tuple[Tick, ...]
    lines: list[ForestLine]
    zero: float
    height: int
    bottom: int
    left: int = LEFT
    right: int = RIGHT


def forest(title: str, lines: list[tuple[str, float, float, float]], reach: float) -> Forest:
    """`lines` are a group's name, estimate and the ends of its interval."""
    step, bottom = 46, 46 * len(lines) + 8
    drawn = [
        ForestLine(
            name, signed(estimate, 2), step * n + 18, step * n + 34,
            _x(low, -reach, reach), _x(high, -reach, reach), _x(estimate, -reach, reach),
        )
        for n, (name, estimate, low, high) in enumerate(lines)
    ]  # fmt: skip
    ticks = _ticks(-reach, reach, reach / 2, sign=True)
    return Forest(title, ticks, drawn, _x(0, -reach, reach), bottom + 28, bottom)


@dataclass(frozen=True)
class Dot:
    """One line of a chart of means: its name and its value in words; without a place where it is not shown."""

    label: str
    value: str
    label_y: float
    y: float
    x: float | None


@dataclass(frozen=True)
class Dots:
    """Means below each other on the whole of one scale, which is the same whatever they are."""

    title: str
    ticks: tuple[Tick, ...]
    lines: list[Dot]
    height: int
    bottom: int
    left: int = LEFT
    right: int = RIGHT


def dots(title: str, low: float, high: float, lines: list[tuple[str, str, float | None]]) -> Dots:
    """`lines` are a name, the value in words, and the value itself or None."""
    step, bottom = 40, 40 * len(lines) + 8
    drawn = [
        Dot(name, words, step * n + 18, step * n + 30, None if value is None else _x(value, low, high))
        for n, (name, words, value) in enumerate(lines)
    ]
    return Dots(title, _ticks(low, high, 1 if high - low <= 10 else (high - low) / 6), drawn, bottom + 28, bottom)
