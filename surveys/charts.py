"""Charts as plain geometry; templates draw them as SVG with classes, so that print and the dark scheme need no code."""

from dataclasses import dataclass

WIDTH = 320
LEFT, RIGHT = 24, 296
LABEL_MARGIN = 34  # half the width of a label: it stays inside the picture


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
    ticks: list[Tick]
    before: Mark | None
    after: Mark | None
    left: int = LEFT
    right: int = RIGHT


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval, beside the line of no change."""

    title: str
    ticks: list[Tick]
    low: float
    high: float
    estimate: Mark
    zero: float
    left: int = LEFT
    right: int = RIGHT


def number(value: float, decimals: int = 1) -> str:
    """As it is written in Britain, with a real minus sign."""
    return f"{value:.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int = 1) -> str:
    text = number(value, decimals)
    return text if text.startswith("−") or not float(f"{value:.{decimals}f}") else f"+{text}"


def _x(value: float, low: float, high: float) -> float:
    return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)


def _mark(value: float, low: float, high: float, label: str) -> Mark:
    x = _x(value, low, high)
    return Mark(x, min(max(x, LABEL_MARGIN), WIDTH - LABEL_MARGIN), label)


def _ticks(low: float, high: float, step: float, sign: bool = False) -> list[Tick]:
    count = round((high - low) / step)
    values = [low + i * step for i in range(count + 1)]
    places = 0 if float(step).is_integer() else 1
    return [Tick(_x(value, low, high), signed(value, places) if sign else number(value, places)) for value in values]


def dumbbell(title: str, low: float, high: float, before: float | None, after: float | None) -> Dumbbell:
    """The chart of one person's score before and after, on the whole scale."""
    step = 1 if high - low <= 10 else (high - low) / 6
    return Dumbbell(
        title=title,
        ticks=_ticks(low, high, step),
        before=None if before is None else _mark(before, low, high, f"Before {number(before)}"),
        after=None if after is None else _mark(after, low, high, f"After {number(after)}"),
    )


def interval(title: str, estimate: float, low: float, high: float) -> Interval:
    """The chart of a mean change with its interval; every such chart has one axis, so that they can be compared."""
    reach = 1.0 if max(abs(low), abs(high)) <= 1 else float(-(-max(abs(low), abs(high)) // 1))
    return Interval(
        title=title,
        ticks=_ticks(-reach, reach, reach / 2, sign=True),
        low=_x(low, -reach, reach),
        high=_x(high, -reach, reach),
        estimate=_mark(estimate, -reach, reach, signed(estimate, 2)),
        zero=_x(0, -reach, reach),
    )
