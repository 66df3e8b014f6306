"""Surveys that few have answered, mail that did not arrive or does not leave, cohorts that can be closed."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Membership, Session
from cohorts.models import Cohort
from outbox import kinds, standstill
from outbox.models import Message, Suppression
from staff.attention.base import Item, Rule, plural, short_date
from surveys.models import Survey
from ui.dates import uk_datetime

ENOUGH = 60  # per cent of those with a seat
SETTLED_AFTER = dt.timedelta(days=14)


def surveys_behind(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Surveys that have been open for two weeks and that fewer than six in ten have handed in."""
    handed_in = Count("responses", Q(responses__submitted_at__isnull=False))
    surveys = (
        Survey.objects.before_and_after()
        .filter(cohort__in=cohorts)
        .annotate(handed_in=handed_in)
        .select_related("cohort")
    )
    asked, ended = _seated(cohorts), _last_sessions(cohorts)
    behind = [s for s in surveys if _is_settled(s, ended) and s.handed_in * 100 < asked[s.cohort_id] * ENOUGH]
    return [Item(s.cohort_id, _so_far(s, asked[s.cohort_id]), _reminders(s), about=s.pk) for s in behind]


def _so_far(survey: Any, asked: int) -> str:
    return f"{survey.title}: {survey.handed_in} of {asked}"


def _seated(cohorts: list[Cohort]) -> Counter[Any]:
    seats = Membership.objects.current().filter(circle__cohort__in=cohorts)
    return Counter(seats.values_list("circle__cohort", flat=True))


def _last_sessions(cohorts: list[Cohort]) -> dict[Any, dt.datetime]:
    planned = Session.objects.planned().filter(circle__cohort__in=cohorts).order_by()
    return dict(planned.values_list("circle__cohort").annotate(last=Max("starts_at")))


def _is_settled(survey: Survey, ended: dict[Any, dt.datetime]) -> bool:
    """Whether everybody had two weeks: the first survey from publication, the second from the last session."""
    opened = survey.cohort.published_at if survey.wave == Survey.Wave.PRE else ended.get(survey.cohort_id)
    return opened is not None and opened + SETTLED_AFTER <= clock.now()


def _reminders(survey: Survey) -> str:
    return reverse("admin:cohort_reminders", args=[survey.cohort_id])


def failed_messages(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Messages that could not be delivered. They belong to no cohort, so whoever sees messages sees them all."""
    rows = Message.objects.for_staff(user).failed().select_related("recipient").order_by("-created_at")
    return [Item(None, _undelivered(message), message.get_absolute_url()) for message in rows]


def _undelivered(message: Message) -> str:
    titles = {kind.key: kind.title for kind in kinds.every()}
    who = message.recipient or message.name or message.address or "somebody whose details are erased"
    what = f"{titles.get(message.kind, message.kind)} to {who}"
    return f"{what}: {message.reason}" if message.reason else what


def standing_mail(user: User, cohorts: list[Cohort]) -> list[Item]:
    """All mail together, when it has stopped leaving: whoever sees messages sees how many wait. It is of no cohort."""
    found, helps = standstill.found(), reverse("admin:handbook_page", args=["message-stuck"])
    items = [Item(None, _lying(found.lying), helps)] if found.lying else []
    if found.refused:
        items.append(Item(None, _refused(found.refused), helps, about="mail-server"))
    return items


def _lying(mail: standstill.Standstill) -> str:
    wait = plural(mail.count, "message waits", "messages wait")
    return f"{wait}, the oldest since {uk_datetime(mail.since)}: tell whoever runs the service that nothing is sent"


def _refused(mail: standstill.Refusal) -> str:
    wait = plural(mail.count, "message is put off", "messages are put off")
    since = f"since {uk_datetime(mail.since)}, and the mail server has accepted none in that time"
    return f"{wait} {since}. Its last answer: {mail.answer}"


def dead_addresses(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Addresses to which nothing is sent. They belong to no cohort."""
    rows = Suppression.objects.filter(lifted_at=None).select_related("user")
    looks = "" if user.has_perm("staff.retry_message") else "See the address"
    return [Item(None, _unreached(row), reverse(_SUPPRESSION, args=[row.pk]), looks=looks) for row in rows]


_SUPPRESSION = "admin:outbox_suppression_change"


def _unreached(row: Suppression) -> str:
    return f"{row.user or row.address}: {row.get_why_display()}"


def ready_to_close(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Cohorts whose closing days are over and that are still open."""
    over = [c for c in cohorts if c.close_until <= clock.today()]
    return [Item(c.pk, f"Its last day is {short_date(c.close_until)}", _close(c)) for c in over]


def _close(cohort: Cohort) -> str:
    return reverse("admin:close_cohort", args=[cohort.pk])


RULES = [
    Rule(
        key="survey_behind",
        says=f"Survey open for two weeks and handed in by fewer than {ENOUGH} in 100",
        action="Set a reminder",
        permission="cohorts.change_cohort",
        find=surveys_behind,
        stage="close",
    ),
    Rule(
        key="ready_to_close",
        says="Cohort is over and can be closed",
        action="Close the cohort",
        permission="surveys.close_cohort",
        find=ready_to_close,
        stage="close",
    ),
    Rule(
        key="mail_stands_still",
        says="Mail has stopped leaving",
        action="What to do",
        permission="outbox.view_message",
        find=standing_mail,
        list_page="admin:outbox_message_changelist",
        list_filter=(("state__exact", "waiting"),),
        afresh=True,
    ),
    Rule(
        key="message_failed",
        says="Message could not be delivered",
        action="See the message",
        permission="outbox.view_message",
        find=failed_messages,
        list_page="admin:outbox_message_changelist",
        list_filter=(("state__exact", "failed"),),
    ),
    Rule(
        key="address_dead",
        says="Mail does not reach somebody",
        action="Ask the organisation for a working address",
        permission="outbox.view_suppression",
        find=dead_addresses,
        list_page="admin:outbox_suppression_changelist",
        list_filter=(("lifted_at__isempty", "1"),),
    ),
]
