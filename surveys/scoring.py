"""From answers to a score. Raw answers are never altered: a reversed item is turned round here and nowhere else."""

from collections.abc import Mapping

from surveys.models import Instrument, Item

Answers = Mapping[object, int | None]


def turned(item: Item, value: int | None) -> int | None:
    """The answer in the direction of the scale: min + max − x for a reversed item; None stays None."""
    if value is None or not item.reverse:
        return value
    return item.instrument.scale_min + item.instrument.scale_max - value


def score(instrument: Instrument, items: list[Item], answers: Answers) -> float | None:
    """The score of one person's answers by item key, or None with fewer of them than the instrument asks for.

    A mean is that of the items answered; a sum is prorated to all items. Nothing is ever filled in with zero.
    """
    given = [value for item in items if (value := turned(item, answers.get(item.pk))) is not None]
    if not given or len(given) < instrument.min_items:
        return None
    mean = sum(given) / len(given)
    return mean * len(items) if instrument.scoring == Instrument.Scoring.SUM else mean


def score_range(instrument: Instrument, item_count: int) -> tuple[float, float]:
    """The lowest and the highest score there can be."""
    factor = item_count if instrument.scoring == Instrument.Scoring.SUM else 1
    return instrument.scale_min * factor, instrument.scale_max * factor
