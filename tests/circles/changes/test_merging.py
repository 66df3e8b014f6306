"""Two thin circles become one."""

import pytest

from accounts import clock
from circles.models import AgendaItem, Circle
from circles.selectors.movers import just_moved
from circles.services.changes import partners
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.changes.doing import do, later, merge, people_told, told, users
from tests.circles.changing import circle_of, everybody, keys, lead_of, members_of, now_of, standing, wednesday

pytestmark = pytest.mark.django_db


class TestMerging:
    def test_the_smaller_joins_the_larger(self, cohort, move_clock):
        larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1, week=3)
        later(move_clock)
        [one], [a, b], spare, lead = members_of(smaller), members_of(larger), lead_of(smaller), lead_of(larger)
        coming = smaller.sessions.upcoming().count()
        plan = do(cohort, merge(larger, smaller))
        assert keys(plan) == ["merge"] * 4
        assert plan.options[0].title == f"{smaller} joins {larger}, led by {lead.user}"
        smaller.refresh_from_db()
        assert (smaller.merged_into, bool(smaller.closed_at)) == (larger, True)
        assert members_of(larger) == [a, b, one]
        assert lead_of(larger) == lead
        assert standing(cohort).reserve == [spare]
        assert people_told("circles.moved") == {one.user_id}
        assert people_told("circles.unseated") == {spare.user_id}
        assert people_told("circles.grown") == users([lead, a, b])
        assert not smaller.sessions.upcoming().exists()
        assert Message.objects.filter(kind="circles.session_cancelled").count() == 2 * coming
        invited = Message.objects.filter(kind="circles.session_invited", recipient=one.user)
        assert invited.filter(object_id__in=larger.sessions.upcoming().values("pk")).count() == 4
        assert spare.changes.get().note == "In reserve to lead."
        assert one.changes.filter(note__startswith="Moved from").exists()
        assert not just_moved(cohort).exists(), "nobody goes back into a circle that has ended"

    def test_the_other_mentor_may_lead_on(self, cohort, move_clock):
        larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
        later(move_clock)
        leads_on, displaced = lead_of(smaller), lead_of(larger)
        plan = merge(larger, smaller)(standing(cohort))
        do(cohort, merge(larger, smaller), f"merge:{larger.number}:{leads_on.pk}")
        assert plan.option(f"merge:{larger.number}:{leads_on.pk}").spare_lead == displaced
        assert lead_of(larger) == leads_on
        assert people_told("circles.unseated") == {displaced.user_id}

    def test_the_mentor_who_leads_no_more_may_leave_as_well(self, cohort, move_clock):
        larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
        later(move_clock)
        spare = lead_of(smaller)
        do(cohort, merge(larger, smaller), spare_lead_leaves=True, note="Has changed jobs")
        spare.refresh_from_db()
        assert spare.state == "withdrawn"
        assert people_told("circles.left") == {spare.user_id}
        assert "circles.unseated" not in told()

    @pytest.mark.parametrize("rule", ["seats", "time", "organisation"])
    def test_what_stands_against_it(self, cohort, rule):
        one = circle_of(cohort, 2, capacity=3)
        other = circle_of(cohort, 2, capacity=3 if rule == "seats" else 10)
        Circle.objects.filter(pk=one.pk).update(capacity=3 if rule == "seats" else 10)
        if rule == "time":
            other = circle_of(cohort, 2, slot=wednesday(cohort))
        if rule == "organisation":
            for circle, led in ((one, other), (other, one)):
                Enrolment.objects.filter(pk=members_of(circle)[0].pk).update(organisation=lead_of(led).organisation)
        plan = merge(one, other)(standing(cohort))
        assert plan.options == ()
        expected = {"seats": "4 people for 3 seats", "time": "2 members of", "organisation": "their own organisation"}
        assert all(expected[rule] in " ".join(one.rules) for one in plan.against)

    def test_partners_are_the_thin_ones_first_and_say_why_not(self, cohort):
        thin, fine = circle_of(cohort, 2), circle_of(cohort, 4)
        other_thin, impossible = circle_of(cohort, 2), circle_of(cohort, 2, slot=wednesday(cohort))
        found = standing(cohort)
        listed = partners(found, now_of(thin, found))
        assert [one.now.circle for one in listed] == [other_thin, fine, impossible]
        assert [bool(one.option) for one in listed] == [True, True, False]
        assert any("can’t make" in rule for rule in listed[2].rules)

    def test_two_without_a_mentor_may_merge(self, cohort):
        one, other = circle_of(cohort, 2, led=False), circle_of(cohort, 1, led=False)
        plan = do(cohort, merge(one, other))
        assert plan.options[0].spare_lead is None
        assert len(everybody(one)) == 3

    def test_the_open_agenda_goes_with_the_people(self, cohort, move_clock):
        one, other = circle_of(cohort, 2), circle_of(cohort, 1)
        added_by = members_of(other)[0]
        open_ = AgendaItem.objects.create(circle=other, text="Asking for a rise", added_by=added_by)
        done = AgendaItem.objects.create(circle=other, text="Hello", added_by=added_by, done_at=clock.now())
        do(cohort, merge(one, other))
        other.refresh_from_db()
        assert other.merged_into == one
        assert (AgendaItem.objects.get(pk=open_.pk).circle, AgendaItem.objects.get(pk=done.pk).circle) == (one, other)
