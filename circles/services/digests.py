"""A coordinator's monthly summary: their own organisation's places and who has not answered, in each cohort.

Nothing about attendance: who came is between a person and their circle, and a total told every month would tell of
one person whenever one joins or leaves. Attendance is reported on groups when the cohort closes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from accounts.clock import local
from accounts.models import User
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import GRACE, Occasion
from organisations.models import Coordinator, Participation, Place
from outbox.models import Message
from participants.models import Nomination, NominationState
from ui.dates import uk_datetime

KIND = "circles.coordinator_digest"
WAITING = [NominationState.INVITED, NominationState.APPLIED]


def queue_coordinator_digests() -> int:
    """Queue the monthly summaries that are due; returns how many."""
    return reminders.queue_due(ReminderRule.Kind.COORDINATOR_DIGEST)


def _occasions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Each month of every organisation that takes part."""
    for rule in rules:
        for first, last in reminders.months(now, until):
            due, which = reminders.in_month(first, last, rule), f"{first:%Y-%m} day {rule.days}"
            ours = Participation.objects.filter(cohort=rule.cohort_id, withdrawn_at=None)
            for one in ours.select_related("organisation").order_by("created_at").iterator(chunk_size=500):
                words = f"{one.organisation}, {first:%B %Y}"
                yield Occasion(rule, one, due, due + GRACE, KIND, which, words, one.pk)


def _coordinators(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """The coordinators of each organisation, and why there is nothing to tell them."""
    ours = [one.about.pk for one in occasions]
    people = defaultdict(list)
    rows = Coordinator.objects.filter(organisation__participations__in=ours, ended_at=None)
    for row in rows.select_related("user").distinct().order_by("user__sort_name"):
        people[row.organisation_id].append(row.user)
    free = set(Place.objects.free().filter(participation__in=ours).values_list("participation", flat=True))
    waiting = Nomination.objects.filter(participation__in=ours, state__in=WAITING, erased_at=None)
    open_to = free | set(waiting.values_list("participation", flat=True))
    written = Message.objects.filter(kind=KIND, object_id__in=ours)
    told = {
        (about, person, which): at
        for about, person, which, at in written.values_list("object_id", "recipient", "occurrence", "created_at")
    }
    for one in occasions:
        for user in people[one.about.organisation_id]:
            yield one, user, _why_not(one, told.get((one.about.pk, user.pk, one.occurrence)), open_to)


def _why_not(one: Occasion, told: dt.datetime | None, open_to: set[object]) -> str:
    if told:
        return f"They have had it: it was written on {uk_datetime(told)}."
    cohort = one.rule.cohort
    today = local(one.due).date()
    if not cohort.confirmation_from <= today <= cohort.recruitment_until:
        return "People can’t be put forward this month, so there is nothing for them to do."
    return "" if one.about.pk in open_to else "All places are used and everybody has answered."


reminders.register(reminders.Reminder(ReminderRule.Kind.COORDINATOR_DIGEST, _occasions, _coordinators))
