"""Giving a cohort its surveys: before, after, and the question after each session."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from privacy.services import record
from surveys.models import Instrument, Item, Survey, SurveyPart
from surveys.reference import SOURCES, USEFULNESS, load

TITLES = {
    Survey.Wave.PRE: "Before you start",
    Survey.Wave.POST: "Looking back",
    Survey.Wave.THEN: "How you see your start today",
    Survey.Wave.CHECK_IN: "After each session",
}
INTRODUCTIONS = {
    Survey.Wave.PRE: (
        "This survey asks how you see your work and your career today. You will see the same statements again when "
        "your sessions are over, so that you can see how far you have come."
    ),
    Survey.Wave.POST: (
        "These are the statements that you answered before you started. When you hand this in, you can see your own "
        "before and after."
    ),
    Survey.Wave.THEN: (
        "Only if you like: how would you now rate yourself before your sessions began? Your answers are confidential, "
        "are kept beside your first ones and never take their place."
    ),
    Survey.Wave.CHECK_IN: "",
}


@transaction.atomic
def ensure_surveys(*, cohort: Cohort, by: User | None = None) -> list[Survey]:
    """Make the surveys before and after and the check-in where they are missing. Running it again changes nothing."""
    load()
    return [_ensure(cohort, wave, by) for wave in TITLES]


def _ensure(cohort: Cohort, wave: str, by: User | None) -> Survey:
    texts = {"title": TITLES[wave], "introduction": INTRODUCTIONS[wave]}
    survey, created = Survey.objects.get_or_create(cohort=cohort, wave=wave, defaults=texts)
    if created:
        for instrument in instruments_for(wave):
            add_part(survey=survey, instrument=instrument)
        record(by=by, verb="survey.created", about=survey, wave=str(wave))
    return survey


def instruments_for(wave: str) -> list[Instrument]:
    """The newest version of each instrument that a new survey of this wave asks, in order."""
    sources = [USEFULNESS] if wave == Survey.Wave.CHECK_IN else SOURCES
    keys = [source.key for source in sources]
    newest = Instrument.objects.filter(key__in=keys).order_by("key", "-version").distinct("key")
    return sorted(newest, key=lambda instrument: keys.index(instrument.key))


@transaction.atomic
def add_part(*, survey: Survey, instrument: Instrument) -> SurveyPart:
    """Put an instrument at the end of a survey. Raises ValidationError without permission to use it."""
    refuse_unpermitted(instrument)
    return SurveyPart.objects.create(survey=survey, instrument=instrument, position=survey.parts.count() + 1)


@transaction.atomic
def new_version(*, instrument: Instrument, by: User) -> Instrument:
    """A copy of an instrument, items included, that can be changed: the way to change one that was answered."""
    latest = Instrument.objects.filter(key=instrument.key).order_by("-version").values_list("version", flat=True)[0]
    items = list(instrument.items.all())
    kept = {f.name: getattr(instrument, f.name) for f in Instrument._meta.concrete_fields}
    copy = Instrument.objects.create(**{**kept, "id": uuid4(), "created_at": clock.now(), "version": latest + 1})
    Item.objects.bulk_create(
        Item(instrument=copy, number=item.number, text=item.text, reverse=item.reverse) for item in items
    )
    record(by=by, verb="instrument.new_version", about=copy, version=copy.version)
    return copy


def refuse_unpermitted(instrument: Instrument) -> None:
    if instrument.permission == Instrument.Permission.NEEDED:
        raise ValidationError(f"{instrument.name} needs its authors’ permission before it can be put to anybody.")
