"""How the circles of a cohort are doing: each circle's sessions side by side, in words first and in colour second."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts import clock
from circles.models import Attendance, Session
from circles.selectors.quorum import Forecast, Verdict, forecasts, quorum
from cohorts.models import Cohort, Side

NO_DATE, CANCELLED, NOT_RECORDED = "No date", "Cancelled", "Not recorded"
# What the replies to a session that is still to come say of it, in a word and a tone.
OUTLOOK = {
    Verdict.ENOUGH: ("enough coming", "good"),
    Verdict.LIKELY: ("likely enough", "info"),
    Verdict.UNCERTAIN: ("not certain", "info"),
    Verdict.SHORT: ("too few", "problem"),
}


@dataclass(frozen=True)
class Cell:
    """One session of one circle: what is to be read, a second line, and the tone that supports it."""

    text: str
    detail: str = ""
    tone: str = "neutral"
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One circle with a cell for each session, the first first."""

    name: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Health:
    """The circles that still meet, by session; `summary` says in a sentence how many need a look."""

    numbers: list[int]
    rows: list[Row]
    summary: str


@dataclass(frozen=True)
class Came:
    """Who was at a session: the members who came, those of whom it is recorded, and whether its lead stayed away."""

    members: int
    recorded: int
    lead_away: bool


def of(cohort: Cohort) -> Health:
    """The circles of a cohort that still meet. It costs the same few queries however many there are."""
    circles = list(cohort.circles.open().select_related("cohort__format"))
    sessions = list(Session.objects.filter(circle__in=circles).select_related("circle__cohort__format"))
    came = _came(sessions)
    coming = forecasts(one for one in sessions if not one.is_past and one.state == Session.State.PLANNED)
    cells = {(one.circle_id, one.number): _cell(one, came.get(one.pk), coming.get(one.pk)) for one in sessions}
    last = max([cohort.session_count, *(one.number for one in sessions)])
    numbers = list(range(1, last + 1))
    none = Cell(NO_DATE)
    rows = [Row(str(c), c.get_absolute_url(), [cells.get((c.pk, n), none) for n in numbers]) for c in circles]
    return Health(numbers, rows, _summary(rows, cohort.format.group_word))


def _came(sessions: Iterable[Session]) -> dict[Any, Came]:
    """By session, from what is recorded of those who were to be there, whether they still sit in the circle or not."""
    member, lead = Q(enrolment__side=Side.MEMBER), Q(enrolment__side=Side.LEAD)
    rows = Attendance.objects.filter(session__in=[one.pk for one in sessions], attended__isnull=False)
    counted = rows.order_by().values_list("session").annotate(
        came=Count("pk", filter=member & Q(attended=True)),
        recorded=Count("pk", filter=member),
        led=Count("pk", filter=lead & Q(attended=True)),
        missed=Count("pk", filter=lead & Q(attended=False)),
    )  # fmt: skip
    return {pk: Came(came, recorded, bool(missed and not led)) for pk, came, recorded, led, missed in counted}


def _cell(session: Session, came: Came | None, coming: Forecast | None) -> Cell:
    day, url = clock.local(session.starts_at), session.get_absolute_url()
    when = f"{day.day} {day:%b}"
    if session.state == Session.State.CANCELLED:
        return Cell(CANCELLED, when, "neutral", url)
    if coming is not None:
        words, tone = OUTLOOK[coming.verdict] if coming.needed else ("nobody in it", "problem")
        return Cell(when, words, tone, url)
    if came is None or not (came.recorded or came.lead_away):
        return Cell(NOT_RECORDED, when, "attention", url)
    return Cell(f"{came.members} of {came.recorded}", f"{when}{_short(came)}", _tone(came), url)


def _tone(came: Came) -> str:
    if came.members < quorum(came.recorded):
        return "problem"
    return "attention" if came.lead_away else "good"


def _short(came: Came) -> str:
    """What was wrong with a session that was held; blank when nothing was."""
    few = ", below quorum" if came.members < quorum(came.recorded) else ""
    return f"{few}, mentor away" if came.lead_away else few


def _summary(rows: list[Row], word: str) -> str:
    wrong = sum(any(cell.tone == "problem" for cell in row.cells) for row in rows)
    away = sum(any("mentor away" in cell.detail for cell in row.cells) for row in rows)
    blank = sum(any(cell.text == NOT_RECORDED for cell in row.cells) for row in rows)
    undated = sum(all(cell.text in {NO_DATE, CANCELLED} for cell in row.cells) for row in rows)
    parts = [
        (wrong, "with a session below quorum or heading there"),
        (away, "whose mentor stayed away from one"),
        (blank, "with attendance still to record"),
        (undated, "without any session"),
    ]
    said = [f"{count} {words}" for count, words in parts if count]
    total = f"{len(rows)} {word}{'' if len(rows) == 1 else 's'}"
    return f"{total}: {', '.join(said)}." if said else f"{total}, and nothing wrong with any."
