"""Giving a cohort its two surveys."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort
from privacy.services import record
from surveys.models import Instrument, Survey, SurveyPart
from surveys.reference import SOURCES, load

TITLES = {Survey.Wave.PRE: "Before you start", Survey.Wave.POST: "Looking back"}
INTRODUCTIONS = {
    Survey.Wave.PRE: (
        "This survey asks how you see your work and your career today. You will see the same statements again when "
        "your sessions are over, so that you can see how far you have come."
    ),
    Survey.Wave.POST: (
        "These are the statements that you answered before you started. When you hand this in, you can see your own "
        "before and after."
    ),
}


@transaction.atomic
def ensure_surveys(*, cohort: Cohort, by: User | None = None) -> list[Survey]:
    """Make the survey before and the survey after where they are missing. Running it again changes nothing."""
    load()
    return [_ensure(cohort, wave, by) for wave in (Survey.Wave.PRE, Survey.Wave.POST)]


def _ensure(cohort: Cohort, wave: str, by: User | None) -> Survey:
    texts = {"title": TITLES[wave], "introduction": INTRODUCTIONS[wave]}
    survey, created = Survey.objects.get_or_create(cohort=cohort, wave=wave, defaults=texts)
    if created:
        for instrument in standard_instruments():
            add_part(survey=survey, instrument=instrument)
        record(by=by, verb="survey.created", about=survey, wave=str(wave))
    return survey


def standard_instruments() -> list[Instrument]:
    """The newest version of each instrument that the product ships with, in the order in which they are asked."""
    keys = [source.key for source in SOURCES]
    newest = Instrument.objects.filter(key__in=keys).order_by("key", "-version").distinct("key")
    return sorted(newest, key=lambda instrument: keys.index(instrument.key))


@transaction.atomic
def add_part(*, survey: Survey, instrument: Instrument) -> SurveyPart:
    """Put an instrument at the end of a survey. Raises ValidationError without permission to use it."""
    refuse_unpermitted(instrument)
    return SurveyPart.objects.create(survey=survey, instrument=instrument, position=survey.parts.count() + 1)


def refuse_unpermitted(instrument: Instrument) -> None:
    if instrument.permission == Instrument.Permission.NEEDED:
        raise ValidationError(f"{instrument.name} needs its authors’ permission before it can be put to anybody.")
