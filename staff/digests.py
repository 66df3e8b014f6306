"""The programme team's daily summary of what is stuck: what their front page says needs attention, in counts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.workdays import is_working_day
from cohorts import reminders
from cohorts.covers import Covers
from cohorts.models import Cohort, Cover, ReminderRule
from cohorts.reminders import Occasion
from outbox import kinds
from outbox.models import Message
from outbox.rendering import Url, link
from staff import attention
from ui.dates import uk_date, uk_datetime

KIND = "staff.digest"
# It is of one day: later than this the front page itself is as quick.
USEFUL = dt.timedelta(hours=2)
LOOK_AHEAD = dt.timedelta(days=5)
NOTHING = "Nothing is stuck that they look after."


def queue_staff_digests() -> int:
    """Queue today's summaries; returns how many."""
    return reminders.queue_due(ReminderRule.Kind.STAFF_DIGEST)


@dataclass(frozen=True)
class Line:
    """How many things one rule found in one cohort (or in none), and the page that lists them."""

    words: str
    url: str


def stuck(user: User, cohorts: list[Cohort]) -> list[Line]:
    """What is stuck in these cohorts, and the messages that failed, as far as the person looks after it.

    After it, once more and by name, what of that is theirs whom the person covers: their summary goes to both.
    """
    names, covers = {cohort.pk: str(cohort) for cohort in cohorts}, Covers.now()
    found = attention.look(attention.RULES, user, cohorts, covers=covers).now.values()
    findings = [one for many in found for one in many if one.cohort_id is None or one.cohort_id in names]
    lines = [_line(one, names) for one in findings]
    return [*lines, *(line for cover in covers.for_whom(user) for line in _covered(cover, findings, names))]


def _line(finding: attention.Finding, names: dict[Any, str], whose: str = "", owner: Any = "") -> Line:
    where = names.get(finding.cohort_id, "All cohorts")
    return Line(f"{whose}{where}: {finding.rule.says.lower()} ({len(finding.items)})", _page(finding, owner))


def _covered(cover: Cover, findings: list[attention.Finding], names: dict[Any, str]) -> Iterator[Line]:
    """Of what was found, what the covered person sees to."""
    whose = f"For {cover.person}, whom you cover until {uk_date(cover.last_day)} – "
    for finding in findings:
        if theirs := [item for item in finding.items if item.owner == cover.person_id]:
            yield _line(replace(finding, items=theirs), names, whose, cover.person_id)


def _page(finding: attention.Finding, owner: Any) -> str:
    """The one thing that was found, or the page that has them all; of one person's things, theirs."""
    return finding.items[0].url if len(finding.items) == 1 else finding.rule.all_url(finding.cohort_id, owner)


def _occasions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Each working day, for each cohort whose rows go into the summary."""
    today, last = clock.local(now).date(), clock.local(min(until, now + LOOK_AHEAD)).date()
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    for rule in rules:
        for day in days:
            if is_working_day(day, rule.cohort.bank_holidays):
                due = reminders.on_day(day, rule)
                yield Occasion(rule, rule.cohort, due, due + USEFUL, KIND, f"{day}", uk_date(day), rule.pk)


def _team(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Who works on each cohort. One message a person and day, about themselves, whatever number of cohorts it is of."""
    everybody = list(User.objects.filter(is_staff=True, is_active=True).order_by("sort_name"))
    days = {one.occurrence for one in occasions}
    written = Message.objects.filter(kind=KIND, occurrence__in=days)
    told = {(person, day): at for person, day, at in written.values_list("recipient_id", "occurrence", "created_at")}
    for one in occasions:
        for user in everybody:
            if user.has_perm("staff.dashboard", one.rule.cohort):
                yield replace(one, about=user), user, _why_not(one, user, told.get((user.pk, one.occurrence)))


def _why_not(one: Occasion, user: User, told: dt.datetime | None) -> str:
    if told:
        return f"They have had it: it was written on {uk_datetime(told)}."
    return "" if stuck(user, [one.rule.cohort]) else NOTHING


def _cohorts_of(user: User) -> list[Cohort]:
    """The open cohorts that the person works on and whose rows go into the summary."""
    wanted = ReminderRule.objects.filter(kind=ReminderRule.Kind.STAFF_DIGEST, enabled=True).values("cohort")
    mine = Cohort.objects.for_staff(user).filter(pk__in=wanted, closed_at=None)
    return list(mine.select_related("format").order_by("launch_from", "name"))


def _context(message: Message) -> kinds.Context:
    lines = stuck(message.recipient, _cohorts_of(message.recipient)) if message.recipient else []
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "lines": [link(line.words, settings.BASE_URL + line.url) for line in lines],
        "today_url": Url(settings.BASE_URL + reverse("admin:index")),
    }


def _still_due(message: Message) -> str:
    person = message.recipient
    if person is None or not (person.is_active and person.is_staff):
        return "The person is not in the programme team any more."
    return "" if stuck(person, _cohorts_of(person)) else NOTHING


GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "lines": ("What waits, a link for each rule, with how many", ["3 interests without an answer"]),
    "today_url": ("The staff site’s first page", "/admin/"),
}
kinds.register(
    kinds.MessageKind(
        key=KIND,
        title="Daily summary of what is stuck",
        audience="The programme team, on working days on which something that they look after needs attention",
        context=_context,
        still_due=_still_due,
        variables=kinds.variables(*GLOSSARY, of=GLOSSARY),
        required=("today_url",),
        category=kinds.Category.DIGESTS,
    )
)
reminders.register(reminders.Reminder(ReminderRule.Kind.STAFF_DIGEST, _occasions, _team))
