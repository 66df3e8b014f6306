"""Taking a load back: the whole of it, and nothing that has come to mean more since."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.models import User
from organisations.models import Organisation, Participation
from participants.models import Enrolment, EnrolmentChange
from privacy.services import record
from staff.models import PastLoad
from surveys.models import Snapshot

# What a load itself puts on its cohort and on what belongs to it.
OWN = {Enrolment, EnrolmentChange, Participation, Snapshot, PastLoad}


@dataclass(frozen=True)
class Undone:
    """What goes, and what stays because something else hangs on it by now."""

    enrolments: int
    organisations: int
    people: int
    organisations_stay: int
    people_stay: int


def blockers(stored: PastLoad) -> list[str]:
    """What hangs on the cohort and its rows that did not come with the load, in words; empty when it can go."""
    cohort = stored.cohort
    parts, people = cohort.participations.all(), cohort.enrolments.filter(from_before=True)
    found: Counter[str] = Counter()
    for rows in (type(cohort).objects.filter(pk=cohort.pk), parts, people):
        for rel in _relations(rows.model):
            if rel.related_model not in OWN:
                found[_words(rel.related_model)] += _rows(rel, rows.values("pk")).count()
    found[_words(Snapshot)] += cohort.snapshots.exclude(kind=Snapshot.Kind.REACH).count()
    found[_words(Enrolment)] += cohort.enrolments.filter(from_before=False).count()
    return [f"{words}: {count}" for words, count in found.items() if count]


def _words(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def look(stored: PastLoad) -> Undone:
    """What taking it back would do: done, and at once undone."""
    with transaction.atomic():
        undone = _take_back(stored)
        transaction.set_rollback(True)
    return undone


@transaction.atomic
def undo(*, stored: PastLoad, by: User) -> Undone:
    """Delete what came with the load. Raises ValidationError when something else hangs on its cohort."""
    stored = PastLoad.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=stored.pk)
    if found := blockers(stored):
        raise ValidationError(f"More hangs on {stored.cohort} by now. {'; '.join(found)}.")
    record(by=by, verb="cohort.load_undone", about=stored.cohort)
    return _take_back(stored)


def _take_back(stored: PastLoad) -> Undone:
    people = list(stored.new_people.values_list("pk", flat=True))
    organisations = list(stored.new_organisations.values_list("pk", flat=True))
    cohort = stored.cohort
    enrolments = cohort.enrolments.filter(from_before=True)
    parts = len(enrolments)
    enrolments.delete()
    Participation.objects.filter(cohort=cohort).delete()
    Snapshot.objects.filter(cohort=cohort, kind=Snapshot.Kind.REACH).delete()
    PastLoad.objects.filter(pk=stored.pk).delete()
    type(cohort).objects.filter(pk=cohort.pk).delete()
    unused = _unused(User, User.objects.filter(pk__in=people, last_login=None).values_list("pk", flat=True))
    User.objects.filter(pk__in=unused).delete()
    alone = _unused(Organisation, organisations)
    Organisation.objects.filter(pk__in=alone).delete()
    return Undone(parts, len(alone), len(unused), len(organisations) - len(alone), len(people) - len(unused))


def _unused(model: type[models.Model], keys: Any) -> set[Any]:
    """Those of the rows to which nothing else points."""
    left = set(keys)
    for rel in _relations(model):
        left -= set(_rows(rel, list(left)).values_list(rel.field.name, flat=True))
    return left


def _relations(model: type[models.Model]) -> list[Any]:
    """Everything that points to a model, in whichever app, those without a name back included."""
    related = [field for field in model._meta.get_fields(include_hidden=True) if field.auto_created]
    # The table between two models is asked itself; asking for the relation as well would only ask twice.
    return [field for field in related if (field.one_to_many or field.one_to_one) and not field.concrete]


def _rows(rel: Any, keys: Any) -> models.QuerySet:
    return rel.related_model._base_manager.filter(**{f"{rel.field.name}__in": keys})
