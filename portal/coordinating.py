"""What a coordinator's page shows: what is due, the places and how they fill, and each person's status in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts import clock
from circles.selectors.people import told_attendance
from cohorts.models import Cohort, Joining
from organisations.models import Participation
from organisations.selectors import RenewalOffer, renewal_offers
from participants.models import Enrolment, EnrolmentState, Nomination, NominationState
from participants.reminding import Reminding, Written, reminded_to_finish, reminding, written_to
from participants.selectors import RoleSummary, is_open, role_summaries
from participants.status import status_of
from ui.components import TimelineItem
from ui.dates import date_range, uk_date

Row = dict[str, Any]


@dataclass(frozen=True)
class Due:
    """One thing that waits for the coordinator, and until when."""

    title: str
    text: str
    url: str
    action: str
    until: dt.date

    @property
    def when(self) -> str:
        """“Until Friday 30 October 2026, in 12 days”."""
        return f"Until {uk_date(self.until)}, {in_days(self.until)}"


def in_days(day: dt.date) -> str:
    days = (day - clock.today()).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


@dataclass(frozen=True)
class Desk:
    """All that is known of one participation, read once."""

    participation: Participation
    summaries: list[RoleSummary]
    written: dict[UUID, Written]
    reminding: Reminding
    finishing: dict[UUID, dt.date]
    told: dict[UUID, tuple[int, int]]
    offers: list[RenewalOffer]

    @property
    def cohort(self) -> Cohort:
        return self.participation.cohort

    @property
    def by_link(self) -> bool:
        return self.cohort.format.joining != Joining.NOMINATION

    @property
    def waiting(self) -> list[Nomination]:
        """Those on the reserve list."""
        return [nomination for summary in self.summaries for nomination in summary.reserve]

    @property
    def unanswered(self) -> int:
        return sum(one.state == NominationState.INVITED for one in _everybody(self.summaries))


def desk(participation: Participation) -> Desk:
    """Reads it; as many queries for one person as for fifty."""
    summaries = role_summaries(participation)
    people = _everybody(summaries)
    written = written_to(one for one in people if one.state == NominationState.INVITED)
    cohort = participation.cohort
    return Desk(
        participation,
        summaries,
        written,
        reminding(participation, people, written),
        reminded_to_finish([one.enrolment for one in people if hasattr(one, "enrolment")]),
        told_attendance(cohort, participation.organisation) if cohort.published_at else {},
        renewal_offers([participation]),
    )


def _everybody(summaries: list[RoleSummary]) -> list[Nomination]:
    return [one for summary in summaries for one in (*summary.holding, *summary.reserve, *summary.applied)]


# --- what is due ------------------------------------------------------------------------------
def due(found: Desk) -> list[Due]:
    """What waits for the coordinator, what is due first at the top."""
    return sorted([*_joining(found), *renewals_due(found.offers)], key=lambda one: one.until)


def to_confirm(applied: int) -> str:
    return "Confirm the person who applied" if applied == 1 else f"Confirm the {applied} people who applied"


def _joining(found: Desk) -> Iterator[Due]:
    """While people may still be put forward."""
    if not is_open(found.cohort):
        return
    key, until = found.participation.pk, found.cohort.recruitment_until
    own = reverse("portal:organisation", args=[key])
    if applied := [one for summary in found.summaries for one in summary.applied]:
        text = "They applied with your link. Each gets a place, or a place on your reserve list, once you say so."
        yield Due(to_confirm(len(applied)), text, f"{own}#role-{applied[0].role}", "See who applied", until)
    if came_back := [key for key, written in found.written.items() if written.came_back]:
        how = (
            "ask the programme team, who can correct it"
            if found.by_link
            else "“Correct or replace” sends it to another"
        )
        text = f"Our mail did not arrive. Check the address with them; if it is wrong, {how}."
        yield Due(mail_came_back(len(came_back)), text, f"{own}#people", "See whose", until)
    if free := free_in_words(found.summaries):
        yield _free(found, free, until)
    if found.reminding.possible:
        remind = reverse("portal:remind_nominees", args=[key])
        text = "They were invited and have not said yes or no. A reminder from us, or a word from you, often helps."
        yield Due(have_not_answered(len(found.reminding.due)), text, remind, "Remind them", until)


def mail_came_back(mails: int) -> str:
    return "One of our mails came back" if mails == 1 else f"{mails} of our mails came back"


def have_not_answered(people: int) -> str:
    return "One person has not answered" if people == 1 else f"{people} people have not answered"


def _free(found: Desk, free: str, until: dt.date) -> Due:
    key = found.participation.pk
    if found.by_link:
        words = reverse("portal:recruiting_words", args=[key])
        return Due(
            "Pass your link round", f"Free: {free}. There are words and a poster for it.", words, "See them", until
        )
    text = (
        f"Free: {free}. Put people forward one at a time, or many from a spreadsheet. They decide for themselves "
        "whether to take part."
    )
    return Due("Put people forward", text, reverse("portal:nominate", args=[key]), "Nominate somebody", until)


def renewals_due(offers: list[RenewalOffer]) -> Iterator[Due]:
    """The cohorts about which the organisation is asked and has not answered."""
    for offer in offers:
        if offer.waits:
            url = reverse("portal:renewal", args=[offer.participation.pk, offer.cohort.pk])
            text = f"It launches on {uk_date(offer.cohort.launch_from)}. Say yes or no; it commits you to nothing."
            until = max(offer.cohort.applications_until, clock.today())
            yield Due(
                f"Will {offer.participation.organisation} take part in {offer.cohort}?", text, url, "Answer", until
            )


def free_in_words(summaries: list[RoleSummary]) -> str:
    """“2 mentee places and 1 mentor place”; blank when all are taken."""
    free = [(summary.label.lower(), summary.free) for summary in summaries if summary.free]
    return " and ".join(f"{count} {role} {'place' if count == 1 else 'places'}" for role, count in free)


def next_date(cohort: Cohort) -> str:
    """What comes next, where nothing is due: “Launch and opening ceremony: 12 January 2027, in 45 days”."""
    today = clock.today()
    coming = [date for date in cohort.key_dates if date.starts > today]
    if not coming or cohort.closed_at:
        return ""
    return f"{coming[0].label}: {date_range(coming[0].starts, coming[0].ends)}, {in_days(coming[0].starts)}"


# --- people -----------------------------------------------------------------------------------
def roles(found: Desk) -> list[Row]:
    """The roles for which there are places or people; all of them where there are none at all."""
    rows = [_role_rows(summary, found) for summary in found.summaries]
    return [row for row in rows if row["summary"].agreed or row["anybody"]] or rows


def _role_rows(summary: RoleSummary, found: Desk) -> Row:
    """One role's places and lists, each person with their status in words."""
    lists = {name: _with_status(getattr(summary, name), found) for name in ("holding", "reserve", "applied", "ended")}
    return {"summary": summary, **lists, "anybody": any(lists.values())}


def _with_status(nominations: list[Nomination], found: Desk) -> list[Row]:
    last = len(nominations) - 1
    return [
        {
            "nomination": nomination,
            "address": nomination.email.partition("@"),
            "status": status_of(nomination),
            "detail": _detail(nomination, found),
            "waits": nomination.state == NominationState.INVITED,
            "finishing": hasattr(nomination, "enrolment") and nomination.enrolment.state == EnrolmentState.STARTED,
            "came_back": nomination.pk in found.written and found.written[nomination.pk].came_back,
            "first": at == 0,
            "last": at == last,
        }
        for at, nomination in enumerate(nominations)
    ]


HEADINGS = ["Name", "Work e-mail", "Role", "Status", "What else there is to know"]


def list_of(found: Desk) -> list[list[str]]:
    """The page as a table: who holds a place, waits for one or has applied; nobody who said no."""
    rows = [row for role in roles(found) for name in ("holding", "reserve", "applied") for row in role[name]]
    people = [(row["nomination"], row["status"].text, row["detail"]) for row in rows]
    return [HEADINGS, *([p.full_name, p.email, p.get_role_display(), status, more] for p, status, more in people)]


def _detail(nomination: Nomination, found: Desk) -> str:
    """When we wrote to who has not answered; how often somebody came, where they agreed that it is told."""
    written = found.written.get(nomination.pk)
    if written is not None:
        return "Our mail came back" if written.came_back else written.words
    enrolment = getattr(nomination, "enrolment", None)
    if enrolment is not None and enrolment.state == EnrolmentState.STARTED:
        return _enrolling(enrolment, found)
    if enrolment is None or enrolment.pk not in found.told:
        return ""
    came, held = found.told[enrolment.pk]
    return f"Came to {came} of {held} sessions"


def _enrolling(enrolment: Enrolment, found: Desk) -> str:
    """Since when somebody has been enrolling, and when we reminded them: never what is still open."""
    words = f"Since {uk_date(enrolment.created_at)}"
    if reminded := found.finishing.get(enrolment.pk):
        words = f"{words}; we reminded them on {uk_date(reminded)}"
    return words if found.cohort.published_at is None else "Has no seat: did not finish in time"


def timeline(cohort: Cohort) -> list[TimelineItem]:
    today, current = clock.today(), cohort.phase
    return [
        TimelineItem(
            label=date.label,
            when=date_range(date.starts, date.ends),
            state="now" if date.key == current else "past" if date.ends < today else "next",
        )
        for date in cohort.key_dates
    ]
