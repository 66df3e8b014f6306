"""The next cohort from one that there is: the same weekdays, what it takes over, and that nobody is moved or told."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort, Event, Format, StaffAssignment
from cohorts.services import default_reminder_rules, default_session_plans, plan_ceremonies
from outbox.models import Message
from privacy.models import AuditEvent
from staff import cloning
from surveys.models import Question
from surveys.services import ensure_surveys
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipationFactory,
    SlotFactory,
    StaffFactory,
    UserFactory,
)

LAUNCH = dt.date(2026, 10, 21)
pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return StaffFactory(role="lead")


@pytest.fixture
def cohort(lead: User) -> Cohort:
    """One that is furnished as its team left it, with people and organisations in it."""
    call_command("set_up", verbosity=0)
    made = CohortFactory(
        format=Format.objects.get(key="circles"), number=15, name="Cohort 15", launch=LAUNCH, places=["Leeds"],
        certificate_sessions=5, published_at=clock.now(),
    )  # fmt: skip
    SlotFactory(cohort=made, weekday=3, start=dt.time(9, 15), minutes=75)
    default_session_plans(made)
    made.session_plans.filter(number=2).update(aim="An aim of the team’s own")
    default_reminder_rules(made)
    made.reminder_rules.filter(kind="no_session").update(enabled=False)
    plan_ceremonies(cohort=made, by=lead)
    Event.objects.filter(cohort=made, kind="opening").update(title="We begin", join_url="https://x.example/1")
    made.blocked_dates.create(first_day=LAUNCH, last_day=LAUNCH, label="Away day")
    ParticipationFactory(cohort=made)
    ensure_surveys(cohort=made)
    own = {"position": 1, "after": 2, "kind": "single", "text": "Where?", "options": "A\nB"}
    Question.objects.create(survey=made.surveys.get(wave="post"), **own)
    MembershipFactory(circle__cohort=made, seat=0, enrolment__role="mentor")
    EnrolmentFactory(cohort=made)
    return made


def cloned(cohort: Cohort, by: User, **changes: Any) -> Cohort:
    said = {"number": 16, "name": "Cohort 16", "launch": cloning.usual_launch(cohort)} | changes
    return cloning.clone_cohort(cohort=cohort, by=by, **said)


@given(days=st.integers(4, 900))
@settings(max_examples=25, deadline=None)
def test_every_date_stays_on_its_weekday_and_near_the_day_aimed_at(days: int) -> None:
    cohort = Cohort(launch_from=LAUNCH)
    moved = cloning.shift(cohort, LAUNCH + dt.timedelta(days=days))
    assert moved.days % 7 == 0
    assert abs(moved.days - days) <= 3


def test_it_takes_over_what_the_team_has_set_and_nothing_of_anybody(cohort: Cohort, lead: User) -> None:
    new = cloned(cohort, lead)
    year = dt.timedelta(weeks=52)
    assert [(d.starts - year, d.ends - year) for d in new.key_dates] == [(d.starts, d.ends) for d in cohort.key_dates]
    assert (new.places, new.certificate_sessions, new.published_at) == (["Leeds"], 5, None)
    assert [(str(slot), slot.minutes) for slot in new.slots.all()] == [("Thursday 9:15am", 75)]
    assert new.session_plans.get(number=2).aim == "An aim of the team’s own"
    for rows in ("kind", "days", "enabled"):
        assert list(new.reminder_rules.values_list(rows, flat=True)) == list(
            cohort.reminder_rules.values_list(rows, flat=True)
        )
    for nobody in (new.participations, new.enrolments, new.circles, new.blocked_dates, new.interests):
        assert not nobody.exists()
    assert new.surveys.filter(wave__in=["pre", "post"]).count() == 2
    [asked] = Question.objects.filter(survey__cohort=new)
    assert (asked.survey.wave, asked.after, asked.text, asked.choices) == (
        "post",
        2,
        "Where?",
        [("1", "A"), ("2", "B")],
    )
    assert asked.survey.title == cohort.surveys.get(wave="post").title
    assert not Message.objects.exists()
    assert AuditEvent.objects.get(verb="cohort.cloned").data == {"of": str(cohort.pk), "weeks": 52}


def test_ceremonies_keep_the_time_of_the_clock_and_lose_their_link(cohort: Cohort, lead: User) -> None:
    """October to March of another offset from Greenwich: midday stays midday."""
    opening = cloned(cohort, lead, launch=dt.date(2027, 1, 20)).events.get(kind="opening")
    assert clock.local(opening.starts_at).time() == dt.time(12)
    assert (opening.title, opening.join_url) == ("We begin", "")


def test_a_number_is_taken_once(cohort: Cohort, lead: User) -> None:
    with pytest.raises(ValidationError):
        cloned(cohort, lead, number=15)
    assert Cohort.objects.count() == 1


def test_bank_holidays_are_said_beside_the_date() -> None:
    cohort = CohortFactory(launch=dt.date(2026, 12, 11))

    def said(launch: dt.date) -> str:
        return next(date.holidays for date in cloning.plan(cohort, launch).dates if date.label.startswith("Launch"))

    assert said(dt.date(2026, 12, 25)) == "25 December is Christmas Day"
    assert said(dt.date(2027, 12, 10)) == ""


class TestPage:
    def test_shows_before_it_makes(self, client: Client, cohort: Cohort, lead: User) -> None:
        client.force_login(lead)
        url = reverse("admin:clone_cohort", args=[cohort.pk])
        page = client.get(url)
        assert page.context["form"].initial["name"] == "Cohort 16"
        plan = page.context["plan"]
        assert (plan.unplaced, plan.mentors, len(plan.organisations), plan.weeks % 52) == (1, 1, 1, 0)
        assert "and 1 question of your own in them" in page.content.decode()
        typed = {"name": "Cohort 16", "number": 16, "launch": "2027-10-19"}
        assert client.post(url, typed | {"look": "1"}).context["plan"].launch == "Wednesday 20 October 2027"
        assert Cohort.objects.count() == 1
        made = client.post(url, typed | {"make": "1"})
        assert made.url == reverse("admin:cohort_page", args=[Cohort.objects.get(number=16).pk])

    @pytest.mark.parametrize("wrong", [{"number": "15"}, {"launch": "2026-10-21"}, {"name": ""}])
    def test_says_what_is_wrong_beside_the_field(
        self, client: Client, cohort: Cohort, lead: User, wrong: dict[str, str]
    ) -> None:
        client.force_login(lead)
        typed = {"name": "Cohort 16", "number": "16", "launch": "2027-10-20", "make": "1"} | wrong
        page = client.post(reverse("admin:clone_cohort", args=[cohort.pk]), typed)
        assert set(page.context["form"].errors) == set(wrong)
        assert Cohort.objects.count() == 1

    def test_is_not_for_somebody_who_works_on_one_cohort(self, client: Client, cohort: Cohort) -> None:
        person = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=person, role="manager", cohort=cohort)
        client.force_login(person)
        assert client.get(reverse("admin:clone_cohort", args=[cohort.pk])).status_code == 403
        page = client.get(reverse("admin:cohort_page", args=[cohort.pk]))
        assert reverse("admin:clone_cohort", args=[cohort.pk]) not in page.content.decode()
