"""A mentor: finds a date, moves and cancels, plans, says who was there, asks for a stand-in and for help."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from circles.models import Attendance, Membership, Poll, StandIn
from tests.browser.walking import WIDTHS, Walker
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_days(days: int) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


def finds_a_date(one: Walker, w: World) -> None:
    """Dates that were proposed are taken back and others proposed; the first of them is chosen."""
    one.goes(reverse("portal:home"))
    one.follows("Circle 1")
    one.follows("See the dates and answer")
    one.follows("Take the dates back")
    one.presses("Take the dates back", says="Nothing has moved.")
    one.goes(reverse("portal:circle", args=[w.circle.pk]))
    one.follows("Propose dates for a new session")
    one.is_refused("Ask everyone")
    one.page.get_by_label("Date 1", exact=True).fill(in_days(13))
    one.page.get_by_label("Date 2", exact=True).fill(in_days(15))
    one.writes({"Start of date 1": "12:30", "Start of date 2": "12:30", "Answers until the end of": in_days(5)})
    one.presses("Ask everyone", says="asked by e-mail which dates suit")
    for number in range(2):
        one.main.get_by_role("radio", name="Yes", exact=True).nth(number).check()
    one.presses("Save my answers", says="your answers are saved")
    one.presses("Choose this date", says="The date is chosen")
    assert Poll.objects.filter(circle=w.circle, decided_at=None).count() == 0


def moves_and_cancels(one: Walker, w: World) -> None:
    one.goes(reverse("portal:session", args=[w.session.pk]))
    one.follows("Move or change")
    one.writes({"Day": ""})
    one.is_refused("Save the change")
    one.writes({"Day": in_days(9), "Start": "09:30"})
    one.presses("Save the change", says="The session is saved")
    w.session.refresh_from_db()
    assert clock.local(w.session.starts_at).date().isoformat() == in_days(9)
    one.goes(reverse("portal:session", args=[w.later_session.pk]))
    one.follows("Ask another mentor to lead this session")
    one.main.get_by_role("radio").first.check()
    one.presses("Ask by e-mail", says="is asked by e-mail")
    assert StandIn.objects.filter(session=w.later_session).exists()
    one.presses("Take that back", says="It is taken back.")
    one.follows("Cancel the session")
    expect(one.main.get_by_role("link", name="Keep it as it is")).to_be_visible()
    one.presses("Cancel the session", says="The session is cancelled")


def prepares(one: Walker, w: World) -> None:
    one.goes(reverse("portal:session", args=[w.session.pk]))
    one.follows("Change the plan")
    one.writes({"Aim": "Asking for what one needs", "To talk about": "What stops us?\nWho could help?"})
    one.presses("Save the plan", says="The plan is saved.")
    one.goes(reverse("portal:circle", args=[w.circle.pk]))
    one.follows("Set the meeting link")
    one.writes({"Address of the meeting": "somewhere"})
    one.is_refused("Save the link")
    one.writes({"Address of the meeting": "https://meet.example.org/one"})
    one.presses("Save the link", says="The meeting link is saved.")
    one.follows("Write the hand-over note")
    one.writes({"For whoever leads next": "We are at the second session."})
    one.presses("Save the note", says="The note is saved.")


def says_who_was_there(one: Walker, w: World) -> None:
    one.goes(reverse("portal:session", args=[w.past_session.pk]))
    one.follows("Record who was there")
    one.main.get_by_role("checkbox", name="(you)").check()
    one.presses("Save attendance", says="Attendance is saved.")
    assert Attendance.objects.get(session=w.past_session, enrolment=w.mentor).attended
    one.follows("Change the notes")
    one.writes({"What you decided": "We meet at half past twelve."})
    one.presses("Save the notes", says="The notes are saved.")


def asks_for_help(one: Walker, w: World) -> None:
    one.takes_from_menu("Home")
    one.follows("Circle 1")
    one.follows("I need help from the programme team")
    one.writes({"What would help?": "Somebody has stopped coming."})
    one.is_refused("Send to the team")
    one.field("The programme team may read this").check()
    one.presses("Send to the team", says="The programme team has your message")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mentor(town: World, walk: Callable[..., Walker], width: str) -> None:
    Membership.objects.update(created_at=clock.now() - dt.timedelta(days=40))  # before the session that is over
    one = walk(width, town.people["mentor"])
    finds_a_date(one, town)
    moves_and_cancels(one, town)
    prepares(one, town)
    says_who_was_there(one, town)
    asks_for_help(one, town)
