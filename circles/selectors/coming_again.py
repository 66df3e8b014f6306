"""Whom of the earlier cohorts of a format one may ask to take part in the next one, and whom not, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from circles.models import Membership
from cohorts.models import Cohort, Side
from outbox import bounces, preferences
from participants.life_emails import ASKED_AGAIN
from participants.models import Enrolment, EnrolmentState

LED, WAITED = "Led a circle", "Enrolled, and never got a seat"


@dataclass(frozen=True)
class Candidate:
    """Somebody who waited for a seat or led a circle; `why_not` is blank for who can be asked."""

    enrolment: Enrolment
    because: str
    takes_part: bool
    why_not: str = ""


def candidates(cohort: Cohort, among: Collection[Any] | None = None) -> list[Candidate]:
    """In order of their names; each person once, by the last cohort that they were in. `among`: cohorts to look in.

    Those who were asked already are not among them.
    """
    people = _people(cohort, among)
    users = [one.user_id for one in people]
    here = _there_already(cohort, people)
    said_no = {user for user, _ in preferences.opted_out([(user, ASKED_AGAIN) for user in users])}
    stopped = bounces.suppressed({one.user.email.lower() for one in people})
    taking_part = set(cohort.participations.filter(withdrawn_at=None).values_list("organisation", flat=True))
    return [
        Candidate(
            one, WAITED if one.side == Side.MEMBER else LED, one.organisation_id in taking_part,
            _why_not(one, here, said_no, stopped),
        )
        for one in people
    ]  # fmt: skip


def _people(cohort: Cohort, among: Collection[Any] | None) -> list[Enrolment]:
    """Who was left without a seat once circles were published, and who led one to its end or leads it now."""
    seats = Membership.objects.filter(enrolment=OuterRef("pk"))
    waited = Q(side=Side.MEMBER, state=EnrolmentState.ENROLLED) & ~Exists(seats)
    led = Q(side=Side.LEAD) & Exists(seats.filter(left_at__isnull=True, seat=Membership.LEAD_SEAT))
    earlier = Q(
        cohort__format=cohort.format_id, cohort__launch_from__lt=cohort.launch_from,
        cohort__published_at__isnull=False,
    )  # fmt: skip
    asked = cohort.asked_again.values("enrolment__user")
    rows = Enrolment.objects.filter(earlier, waited | led).exclude(user__in=asked)
    if among is not None:
        rows = rows.filter(cohort__in=among)
    last = rows.order_by("user_id", "-cohort__launch_from").distinct("user_id")
    found = Enrolment.objects.filter(pk__in=last.values("pk"))
    return list(found.select_related("user", "organisation", "cohort").order_by("user__sort_name", "pk"))


def _there_already(cohort: Cohort, people: list[Enrolment]) -> set[Any]:
    """Those of them who are put forward for the cohort or enrolled in it."""
    users = {one.user_id for one in people}
    enrolled = set(cohort.enrolments.filter(user__in=users).values_list("user", flat=True))
    by_address = {one.user.email.lower(): one.user_id for one in people}
    live = cohort.nominations.live().annotate(address=Lower("email")).filter(address__in=by_address)
    return enrolled | {by_address[address] for address in live.values_list("address", flat=True)}


def _why_not(one: Enrolment, here: set[Any], said_no: set[Any], stopped: dict[str, str]) -> str:
    if one.user_id in here:
        return "Is put forward or enrolled already"
    if not one.user.is_active:
        return "Their account is closed"
    if one.user_id in said_no:
        return "Has asked not to get news of the programme"
    return stopped.get(one.user.email.lower(), "")
