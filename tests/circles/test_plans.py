"""The plan of a session: the cohort's, copied when circles are published, and then the circle's own."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Session
from circles.services import sessions
from circles.services.session_plans import StalePreviewError, Taking, sources, take_plans
from cohorts.models import Cohort, SessionPlan
from cohorts.services import default_session_plans
from outbox import kinds
from outbox.models import Message
from outbox.rendering import render
from tests.circles.circle import Published, published
from tests.factories import CohortFactory, StaffFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    default_session_plans(made.circle.cohort)
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


def test_each_session_has_a_copy_of_its_own(ours: Published, first: Session) -> None:
    assert first.aim == "Get to know each other, and agree how you work together"
    assert ours.circle.sessions.exclude(preparation="").count() == 6
    ours.circle.cohort.session_plans.filter(number=1).update(aim="Another")
    first.refresh_from_db()
    assert first.aim.startswith("Get to know")


def test_what_staff_have_set_stays(ours: Published) -> None:
    ours.circle.cohort.session_plans.exclude(number=1).delete()
    assert len(default_session_plans(ours.circle.cohort)) == 1


def test_a_member_changes_it_and_nobody_is_told(client: Client, ours: Published, first: Session) -> None:
    client.force_login(ours.members[0].user)
    data = {"aim": "Our own aim", "prompts": "One\nTwo", "preparation": ""}
    html = client.post(reverse("portal:session_plan", args=[first.pk]), data, follow=True).content.decode()
    assert "Our own aim" in html
    assert "<li>Two</li>" in html
    first.refresh_from_db()
    assert first.sequence == 0
    assert not Message.objects.exists()


def test_a_cancelled_session_has_no_plan_to_change(client: Client, ours: Published, first: Session) -> None:
    sessions.cancel_session(session=first, by=ours.lead.user)
    client.force_login(ours.members[0].user)
    client.post(reverse("portal:session_plan", args=[first.pk]), {"aim": "Late"})
    first.refresh_from_db()
    assert first.aim != "Late"


def test_the_invitation_says_what_to_prepare(ours: Published, first: Session) -> None:
    sessions.invite(session=first, enrolment=ours.members[0])
    kind = kinds.get("circles.session_invited")
    text = render(kind.template, kind.context(Message.objects.get())).text
    assert "To prepare: Think of one thing about your work" in text


class TestTakingPlansOver:
    """Plans laid over sessions that are planned already."""

    @pytest.fixture
    def newer(self, ours: Published) -> Cohort:
        """Another cohort of the format, with plans of its own."""
        other = CohortFactory(format=ours.circle.cohort.format)
        for number in (1, 2, 3):
            SessionPlan.objects.create(cohort=other, number=number, aim=f"New {number}", prompts="One\nTwo")
        return other

    def taking(self, ours: Published, newer: Cohort) -> Taking:
        cohort = Cohort.objects.get(pk=ours.circle.cohort_id)
        source = next(one for one in sources(cohort, [newer]) if one.key == str(newer.pk))
        return Taking(cohort, source)

    def test_from_another_cohort_and_never_over_a_circles_own(
        self, ours: Published, newer: Cohort, move_clock: Callable
    ) -> None:
        second = ours.circle.sessions.get(number=2)
        sessions.edit_plan(session=second, by=ours.members[0].user, aim="Our own")
        taking = self.taking(ours, newer)
        assert [one.number for one in taking.changed] == [1, 3]
        assert taking.own == [second]
        assert [one.after for one in taking.template] == ["New 1", "New 2", "New 3"]
        staff = StaffFactory()
        done = take_plans(cohort=taking.cohort, source=taking.source, fingerprint=taking.fingerprint, by=staff)
        assert done == 2
        aims = list(ours.circle.sessions.order_by("number").values_list("aim", flat=True))
        assert aims[:3] == ["New 1", "Our own", "New 3"]
        assert aims[3].startswith("Build networks")
        assert ours.circle.cohort.session_plans.get(number=2).aim == "New 2"
        assert self.taking(ours, newer).does_nothing
        assert not Message.objects.exists()

    def test_what_is_over_stays(self, ours: Published, newer: Cohort, move_clock: Callable) -> None:
        move_clock(ours.circle.sessions.get(number=1).starts_at)
        assert [one.number for one in self.taking(ours, newer).changed] == [2, 3]

    def test_what_was_shown_is_what_is_done(self, ours: Published, newer: Cohort) -> None:
        taking = self.taking(ours, newer)
        shown = taking.fingerprint
        sessions.edit_plan(session=ours.circle.sessions.get(number=1), by=ours.lead.user, aim="Ours")
        with pytest.raises(StalePreviewError):
            take_plans(cohort=taking.cohort, source=taking.source, fingerprint=shown, by=StaffFactory())
        assert ours.circle.cohort.session_plans.get(number=1).aim != "New 1"

    def test_on_the_page(self, client: Client, ours: Published, newer: Cohort) -> None:
        client.force_login(StaffFactory(role="manager"))
        address = reverse("admin:cohort_session_plans", args=[ours.circle.cohort_id])
        assert str(newer) in client.get(address).content.decode()
        assert "Nothing: every plan" in client.get(address + "?source=own").content.decode()
        html = client.get(f"{address}?source={newer.pk}").content.decode()
        assert "Sessions that get another plan: 3" in html
        data = {"source": str(newer.pk), "fingerprint": self.taking(ours, newer).fingerprint}
        assert "3 sessions have another plan now" in client.post(address, data, follow=True).content.decode()
