"""Pairs: two partners who mentor each other, and a junior colleague who mentors a senior one."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from accounts import clock
from circles.models import AgendaItem, Attendance, Circle, Membership, Session, SharedGoal
from cohorts.models import Format
from participants.models import Enrolment
from surveys.models import TeamNote, Testimonial
from surveys.services import ensure_surveys
from tests.browser.walking import WIDTHS, Walker
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, SlotFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEATS = {"reciprocal": ("partner", "partner"), "reverse": ("mentor", "mentee")}


def two_of(w: World, key: str) -> tuple[Enrolment, Enrolment]:
    """A pair in the second half of its sessions: who leads it, and the other."""
    now = clock.now()
    launched = {"launch": clock.today() - dt.timedelta(days=60), "published_at": now - dt.timedelta(days=62)}
    cohort = CohortFactory(format=Format.objects.get(key=key), number=7, name=f"{key.capitalize()} 7", **launched)
    SlotFactory(cohort=cohort)
    ensure_surveys(cohort=cohort)
    circle = Circle.objects.create(cohort=cohort, number=1, capacity=1)
    two = []
    for seat, (role, side) in enumerate(zip(SEATS[key], ("lead", "member"), strict=True)):
        enrolment = EnrolmentFactory(cohort=cohort, organisation=w.third, role=role, side=side, completed_at=now)
        MembershipFactory(circle=circle, enrolment=enrolment, seat=seat)
        two.append(enrolment)
    for number, days in enumerate((-50, -20, 20), start=1):
        Session.objects.create(circle=circle, number=number, starts_at=now + dt.timedelta(days=days))
    for one in two:
        Attendance.objects.create(session=circle.sessions.get(number=2), enrolment=one, attended=True)
    Membership.objects.filter(circle=circle).update(created_at=now - dt.timedelta(days=61))
    return two[0], two[1]


def a_partner(one: Walker, me: Enrolment) -> None:
    one.goes(reverse("portal:home"))
    one.presses("I will come", says="Thank you, your answer is saved.")
    one.follows("How is your pair going?")
    one.is_refused("Send to the team")
    one.main.get_by_role("radio").first.check()
    one.field("I agree that the programme team reads this").check()
    one.presses("Send to the team", reads="The programme team has your note.")
    assert TeamNote.objects.get(enrolment=me).origin == "mid_point"
    one.takes_from_menu("Home")
    one.follows("Pair 1")
    one.follows("Goals and actions")
    one.writes({"Add a goal": "Each of us chairs a meeting"})
    one.is_refused("Add the goal")
    one.main.get_by_role("radio").first.check()
    one.presses("Add the goal", says="The goal is added.")
    assert SharedGoal.objects.get(text="Each of us chairs a meeting").competency
    one.presses("Mark as reached: Each of us chairs a meeting", says="a goal is reached")
    one.follows("Overview")
    one.follows("Add a session")
    one.is_refused("Add the session")
    day = (clock.today() + dt.timedelta(days=28)).isoformat()
    one.writes({"Day": day, "Start": "11:00", "Length in minutes": "60"})
    one.chooses("How you meet", "Online")
    one.presses("Add the session", says="The session is added")


def the_other_partner(one: Walker, me: Enrolment) -> None:
    one.goes(reverse("portal:mid_point", args=[me.pk]))
    one.presses("I have nothing to tell the team", reads="Nothing was sent to the team.")
    one.goes(reverse("portal:concern", args=[me.pk]))
    one.writes({"What is not right?": "I do all the explaining."})
    one.presses("Send to the team, in confidence", says="The programme team has your message.")


def one_whose_programme_is_over(one: Walker, me: Enrolment, w: World) -> None:
    one.goes(reverse("portal:progress", args=[me.pk]))
    one.unfolds("Confidence in what I can achieve")
    one.goes(reverse("portal:testimonial", args=[w.last_survey.pk]))
    one.is_refused("Send")
    one.writes({"What would you say": "It made both of us braver."})
    one.main.get_by_role("radio").first.check()
    one.field("I agree that the programme may publish this").check()
    one.presses("Send", says="The programme team will read your words")
    assert Testimonial.objects.get(enrolment=me).quote == "It made both of us braver."
    one.goes(reverse("portal:progress", args=[me.pk]))
    one.follows("Withdraw my words")
    one.presses("Withdraw my words", says="Your words are withdrawn.")


def a_junior_mentor(one: Walker, me: Enrolment) -> None:
    one.goes(reverse("portal:home"))
    one.follows("More about session 3")
    one.follows("Change the plan")
    one.writes({"Aim": "What a day looks like", "To talk about": "Who is heard in meetings?"})
    one.presses("Save the plan", says="The plan is saved.")
    one.follows("Propose other dates")
    days = [(clock.today() + dt.timedelta(days=days)).isoformat() for days in (21, 22, 6)]
    one.page.get_by_label("Date 1", exact=True).fill(days[0])
    one.page.get_by_label("Date 2", exact=True).fill(days[1])
    one.writes({"Start of date 1": "12:30", "Start of date 2": "12:30", "Answers until the end of": days[2]})
    one.presses("Ask", says="asked by e-mail which dates suit")
    one.presses("Choose this date", says="The date is chosen")
    one.goes(reverse("portal:mid_point", args=[me.pk]))
    one.main.get_by_role("radio").last.check()
    one.field("Please get in touch with me").check()
    one.field("I agree that the programme team reads this").check()
    one.presses("Send to the team", reads="You asked us to get in touch")


def a_senior_mentee(one: Walker, me: Enrolment) -> None:
    one.goes(reverse("portal:home"))
    one.follows("Pair 1")
    one.writes({"Add something to talk about": "What I never see"})
    one.presses("Add", says="Added to the agenda.")
    assert AgendaItem.objects.get(text="What I never see").added_by == me
    one.cannot("I need help from the programme team", "Add a session")
    one.presses("I’m not sure yet", says="Thank you, your answer is saved.")
    one.goes(reverse("portal:reflection", args=[Session.objects.get(circle__memberships__enrolment=me, number=2).pk]))
    one.writes({"Your thoughts": "I talk too much."})
    one.presses("Save for me alone", says="Kept, for you alone.")


@pytest.mark.parametrize("width", WIDTHS)
def test_pairs(town: World, walk: Callable[..., Walker], width: str) -> None:
    partner, other = two_of(town, "reciprocal")
    a_partner(walk(width, partner.user), partner)
    the_other_partner(walk(width, other.user), other)
    one_whose_programme_is_over(walk(width, town.partner.user), town.partner, town)
    mentor, mentee = two_of(town, "reverse")
    a_junior_mentor(walk(width, mentor.user), mentor)
    a_senior_mentee(walk(width, mentee.user), mentee)
