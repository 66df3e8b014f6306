"""Plans that are out of date, doing it twice, two at once, and what the page says of it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from circles.models import Membership
from circles.services.changes import ChangeError, Plan, StalePlanError, confirm, consequences
from cohorts.models import Cohort
from outbox.models import Message
from privacy.models import AuditEvent
from tests.circles.changes.doing import Make, do, later, merge, seat, told, withdrawal
from tests.circles.changing import circle_of, everybody, lead_of, members_of, published, standing, tuesday, wednesday
from tests.circles.forming import enrol
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


class TestOutOfDate:
    def test_doing_it_twice_changes_nothing(self, cohort):
        circle = circle_of(cohort, 4)
        leaves = members_of(circle)[0]
        make = withdrawal(leaves)
        plan = do(cohort, make)
        before = Message.objects.count(), AuditEvent.objects.count()
        with pytest.raises(StalePlanError, match="nothing was done"):
            confirm(cohort=cohort, make=make, option="keep", fingerprint=plan.fingerprint, by=None)
        assert (Message.objects.count(), AuditEvent.objects.count()) == before

    def test_whatever_changes_in_between_nothing_is_done(self, cohort):
        circle, other = circle_of(cohort, 3), circle_of(cohort, 3)
        leaves = members_of(circle)[0]
        somebody = members_of(other)[0]
        session = other.sessions.upcoming().first()
        changes: dict[str, Callable[[], object]] = {
            "times": lambda: somebody.slots.add(wednesday(cohort)),
            "seat": lambda: somebody.memberships.update(left_at=cohort.created_at),
            "late": lambda: enrol(cohort),
            "session": lambda: type(session).objects.filter(pk=session.pk).update(sequence=9),
            "aim": lambda: Cohort.objects.filter(pk=cohort.pk).update(circle_minimum=2),
        }
        for change in changes.values():
            plan = withdrawal(leaves)(standing(cohort))
            change()
            with pytest.raises(StalePlanError):
                confirm(cohort=cohort, make=withdrawal(leaves), option="keep", fingerprint=plan.fingerprint, by=None)
        leaves.refresh_from_db()
        assert leaves.state == "enrolled"

    def test_an_option_that_is_not_there_is_refused(self, cohort):
        leaves = members_of(circle_of(cohort, 3))[0]
        make = withdrawal(leaves)
        fingerprint = make(standing(cohort)).fingerprint
        with pytest.raises(ChangeError, match="Choose one"):
            confirm(cohort=cohort, make=make, option="split", fingerprint=fingerprint, by=None)

    def test_a_closed_cohort_is_left_alone(self, cohort):
        leaves = members_of(circle_of(cohort, 3))[0]
        Cohort.objects.filter(pk=cohort.pk).update(closed_at=cohort.created_at)
        with pytest.raises(ChangeError, match="closed"):
            do(cohort, withdrawal(leaves))

    def test_what_fails_half_way_leaves_nothing_behind(self, cohort, monkeypatch):
        larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
        from circles.services.changes import carrying_out

        def broken(**_: object) -> None:
            raise carrying_out.FormationError("No.")

        monkeypatch.setattr(carrying_out, "add_to_circle", broken)
        before = Message.objects.count()
        with pytest.raises(ChangeError, match=r"No\."):
            do(cohort, merge(larger, smaller))
        smaller.refresh_from_db()
        assert smaller.closed_at is None
        assert Message.objects.count() == before
        assert len(everybody(smaller)) == 2

    def test_the_same_plan_has_the_same_fingerprint(self, cohort):
        goes, _, _ = circle_of(cohort, 3), circle_of(cohort, 3, capacity=5), circle_of(cohort, 3, capacity=4)
        make = withdrawal(lead_of(goes))
        assert make(standing(cohort)).fingerprint == make(standing(cohort)).fingerprint


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_seat_of_a_circle_one_gets_it():
    cohort = published()
    circle = circle_of(cohort, 3, capacity=4)
    late = [enrol(cohort, slots=[tuesday(cohort)]) for _ in range(2)]
    plans = [(seat(one), seat(one)(standing(cohort))) for one in late]
    staff = StaffFactory()

    def take(made: tuple[Make, Plan]) -> str:
        make, plan = made
        key = plan.options[0].key
        try:
            confirm(cohort=cohort, make=make, option=key, fingerprint=plan.fingerprint, by=staff)
        except StalePlanError:
            return "out of date"
        finally:
            connection.close()
        return "seated"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(take, plans))
    assert sorted(outcomes) == ["out of date", "seated"]
    assert Membership.objects.current().filter(circle=circle).count() == 5
    assert Message.objects.filter(kind="circles.placed").count() == 1


def test_the_consequences_are_those_of_the_act(cohort, move_clock):
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1, week=3)
    later(move_clock)
    make = merge(larger, smaller)
    plan = make(standing(cohort))
    said = consequences(plan.standing, plan.options[0].change)
    expected = {words.words: words.number for words in said.told}
    do(cohort, make)
    queued = told()
    assert sum(expected.values()) == sum(queued[kind] for kind in queued if kind != "circles.session_cancelled")
    closes, stays = sorted(said.after, key=lambda after: not after.is_closed)
    assert (closes.title, closes.number) == (str(smaller), 0)
    assert (stays.number, stays.before, stays.organisations) == (3, 2, 3)
    assert any("cancelled, and taken out of the calendars of 2 people" in line for line in said.calendar)


def test_every_step_is_written_down_without_a_name(cohort):
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    do(cohort, merge(larger, smaller))
    verbs = Counter(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs["circle.closed"] == verbs["circle.merged"] == 1
    assert (verbs["circle.left"], verbs["circle.joined"]) == (2, 1)
    written = str(list(AuditEvent.objects.values_list("data", flat=True)))
    assert not any(one.user.last_name in written for one in cohort.enrolments.select_related("user"))


def test_a_standing_costs_the_same_with_one_and_three_circles(cohort, count_queries):
    circle_of(cohort, 3)
    once = count_queries(lambda: standing(cohort).fingerprint)
    circle_of(cohort, 3)
    circle_of(cohort, 3)
    assert count_queries(lambda: standing(cohort).fingerprint) == once
