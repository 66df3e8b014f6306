"""Whether figures may be passed on: only once somebody has tried to find a person in them, and failed (ICO 2025)."""

from accounts import clock
from surveys.models import IntruderTest


class NotCheckedError(Exception):
    """Figures for outside the team wait for a motivated-intruder test that found nobody."""


def may_pass_on() -> bool:
    """Whether the latest test, by the day on which it was done, found nobody."""
    done = IntruderTest.objects.filter(done_on__lte=clock.today())
    latest = done.values_list("outcome", flat=True).first()
    return latest == IntruderTest.Outcome.NOBODY


def refuse_unchecked() -> None:
    if not may_pass_on():
        raise NotCheckedError("Nothing is passed on before somebody tried to find a person in it and found nobody.")
