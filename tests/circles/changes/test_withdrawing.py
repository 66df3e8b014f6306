"""A member or a mentor withdraws: each case, and what is offered."""

import pytest

from circles.selectors.feeds import feed_by_token
from circles.services.changes import consequences, plan_withdrawal
from circles.services.feeds import make_feed
from cohorts.models import Cohort
from outbox.models import Message
from tests.circles.changes.doing import do, later, new_lead, people_told, told, users, withdrawal
from tests.circles.changing import circle_of, everybody, keys, lead_of, members_of, standing, tuesday, wednesday
from tests.circles.forming import enrol, pairs
from tests.factories import CircleFactory, MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db


class TestMemberWithdraws:
    def test_the_seat_is_free_and_nobody_moves(self, cohort, move_clock):
        circle = circle_of(cohort, 4)
        later(move_clock)
        leaves, *others = members_of(circle)
        plan = do(cohort, withdrawal(leaves))
        assert keys(plan) == ["keep"]
        assert "Nobody is waiting for a seat." in plan.options[0].because
        assert members_of(circle) == others
        coming = circle.sessions.upcoming().count()
        assert told() == {"circles.left": 1, "circles.member_left": 4, "circles.session_cancelled": coming}
        assert people_told("circles.member_left") == users(everybody(circle))

    def test_who_waits_and_fits_is_offered_the_seat_first(self, cohort, move_clock):
        circle = circle_of(cohort, 4)
        later(move_clock)
        fits = enrol(cohort, slots=[tuesday(cohort)])
        enrol(cohort, slots=[wednesday(cohort)])
        enrol(cohort, slots=[tuesday(cohort)], organisation=lead_of(circle).organisation)
        leaves = members_of(circle)[0]
        plan = do(cohort, withdrawal(leaves))
        assert [option.key for option in plan.options] == [f"seat:{fits.pk}", "keep"]
        assert {one.words for one in plan.against} == {
            "They can’t make Tuesday 12:30pm.",
            "The mentor is from their own organisation.",
        }
        assert fits in members_of(circle)
        assert leaves not in members_of(circle)
        assert people_told("circles.placed") == {fits.user_id}
        assert people_told("circles.grown") == {lead_of(circle).user_id}

    def test_the_better_of_two_who_wait_comes_first(self, cohort):
        topic = TopicFactory()
        circle = circle_of(cohort, 3)
        lead_of(circle).topics.set([topic])
        other = enrol(cohort, slots=[tuesday(cohort)], topics=[TopicFactory()], level=1, function="legal")
        match = enrol(cohort, slots=[tuesday(cohort)], topics=[topic], level=1, function="legal")
        plan = plan_withdrawal(standing(cohort), members_of(circle)[0])
        assert [option.key for option in plan.options[:2]] == [f"seat:{match.pk}", f"seat:{other.pk}"]
        assert any(topic.name in line for line in plan.options[0].because)

    def test_a_circle_that_becomes_thin_is_said(self, cohort):
        thin, fine = circle_of(cohort, 3), circle_of(cohort, 4)
        assert "would have 2 members" in plan_withdrawal(standing(cohort), members_of(thin)[0]).notes[0]
        assert plan_withdrawal(standing(cohort), members_of(fine)[0]).notes == ()

    def test_somebody_without_a_seat_is_just_withdrawn(self, cohort):
        late = enrol(cohort)
        do(cohort, withdrawal(late), note="New job")
        late.refresh_from_db()
        assert late.state == "withdrawn"
        assert late.changes.get().note == "New job"

    def test_one_of_a_pair_leaves_the_other_without_one(self):
        made = pairs(1)
        Cohort.objects.filter(pk=made.pk).update(published_at=made.created_at)
        circle = CircleFactory(cohort=made, capacity=1, slot=made.slots.get())
        lead, member = made.enrolments.get(side="lead"), made.enrolments.get(side="member")
        MembershipFactory(circle=circle, enrolment=lead, seat=0)
        MembershipFactory(circle=circle, enrolment=member, seat=1)
        plan = do(made, withdrawal(member), "close")
        assert keys(plan) == ["keep", "close"]
        circle.refresh_from_db()
        assert circle.closed_at
        assert people_told("circles.unseated") == {lead.user_id}


class TestMentorWithdraws:
    def test_a_reserve_mentor_keeps_the_whole_circle(self, cohort, move_clock):
        circle = circle_of(cohort, 4)
        later(move_clock)
        reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
        enrol(cohort, role="mentor", slots=[wednesday(cohort)])
        enrol(cohort, role="mentor", slots=[tuesday(cohort)], organisation=members_of(circle)[0].organisation)
        before, coming = members_of(circle), circle.sessions.upcoming().count()
        plan = do(cohort, withdrawal(lead_of(circle)))
        assert keys(plan) == ["lead", "keep", "split"]
        assert {one.words for one in plan.against} == {
            "They can’t make Tuesday 12:30pm.",
            "A member is from their own organisation.",
        }
        assert lead_of(circle) == reserve
        assert members_of(circle) == before
        assert circle.sessions.upcoming().count() == coming
        assert told() == {
            "circles.left": 1, "circles.placed": 1, "circles.new_lead": 4, "circles.session_cancelled": coming,
        }  # fmt: skip
        assert people_told("circles.new_lead") == users(before)

    def test_without_a_reserve_the_members_are_split_over_circles_with_room(self, cohort, move_clock):
        goes, first, second = circle_of(cohort, 3), circle_of(cohort, 3, capacity=5), circle_of(cohort, 3, capacity=4)
        later(move_clock)
        members, others = members_of(goes), members_of(first) + members_of(second)
        coming = goes.sessions.upcoming().count()
        plan = do(cohort, withdrawal(lead_of(goes)))
        assert keys(plan) == ["split", "keep"]
        assert "Nobody else has to move." in plan.options[0].because
        goes.refresh_from_db()
        assert goes.closed_at
        assert goes.merged_into is None
        assert not goes.sessions.upcoming().exists()
        assert goes.sessions.past().count() == 2
        assert (len(members_of(first)), len(members_of(second))) == (5, 4)
        assert set(members_of(first) + members_of(second)) == set(members + others)
        assert people_told("circles.moved") == users(members)
        assert Message.objects.filter(kind="circles.session_cancelled").count() == 4 * coming

    def test_who_finds_no_seat_waits_with_the_reason(self, cohort, move_clock):
        goes, full = circle_of(cohort, 2), circle_of(cohort, 3, capacity=4)
        later(move_clock)
        feeds = {one.user_id: make_feed(user=one.user, by=one.user) for one in members_of(goes)}
        plan = do(cohort, withdrawal(lead_of(goes)), "split")
        assert keys(plan) == ["keep", "split"], "going on is better than a plan that costs somebody their seat"
        assert len(members_of(full)) == 4
        waits = standing(cohort).waiting
        assert len(waits) == 1
        assert "All four seats in the only circle that suits are taken" in waits[0].changes.get().note
        assert people_told("circles.unseated") == users(waits)
        # Their calendar link ends with the seat; that of who has a new seat lives on.
        assert {user for user, token in feeds.items() if feed_by_token(token) is None} == users(waits)

    def test_one_move_makes_room_where_it_seats_somebody(self, cohort, move_clock):
        """A member who can only make Tuesdays gets the seat of one who can make Wednesdays as well."""
        goes, full = circle_of(cohort, 1), circle_of(cohort, 3, capacity=3)
        free = circle_of(cohort, 3, slot=wednesday(cohort), capacity=4)
        flexible = members_of(full)[0]
        flexible.slots.add(wednesday(cohort))
        moved = members_of(goes)[0]
        later(move_clock)
        plan = do(cohort, withdrawal(lead_of(goes)), "split")
        assert any("1 person of other circles would move" in line for line in plan.options[0].drawbacks)
        assert moved in members_of(full)
        assert flexible in members_of(free)

    def test_going_on_without_one_tells_the_members_and_changes_nothing_else(self, cohort, move_clock):
        circle = circle_of(cohort, 4)
        later(move_clock)
        leaves, before = lead_of(circle), members_of(circle)
        do(cohort, withdrawal(leaves), "keep")
        assert everybody(circle) == before
        assert people_told("circles.left") == {leaves.user_id}
        assert set(told()) == {"circles.left", "circles.session_cancelled", "circles.no_lead"}
        assert people_told("circles.no_lead") == {one.user_id for one in members_of(circle)}

    def test_a_circle_whose_mentor_has_gone_has_the_same_choices(self, cohort, move_clock):
        circle = circle_of(cohort, 3, led=False)
        later(move_clock)
        reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
        plan = do(cohort, new_lead(circle))
        assert keys(plan) == ["lead", "split"]
        assert lead_of(circle) == reserve

    def test_one_who_stays_in_the_cohort_is_in_reserve_once_another_takes_over(self, cohort, move_clock):
        circle = circle_of(cohort, 3)
        later(move_clock)
        before, reserve = lead_of(circle), enrol(cohort, role="mentor", slots=[tuesday(cohort)])
        coming = circle.sessions.upcoming().count()
        plan = do(cohort, new_lead(circle))
        assert keys(plan) == ["lead", "keep"]
        assert plan.options[0].spare_lead == before
        [first, second] = consequences(plan.standing, plan.options[0].change).steps
        assert (first.who, first.what) == (str(before.user), f"leaves {circle} and is in reserve to lead again.")
        assert (second.who, second.what) == (str(reserve.user), f"leads {circle} from now on.")
        assert (lead_of(circle), standing(cohort).reserve) == (reserve, [before])
        assert told() == {
            "circles.unseated": 1, "circles.placed": 1, "circles.new_lead": 3, "circles.session_cancelled": coming,
        }  # fmt: skip
        assert Message.objects.filter(kind="circles.session_invited", recipient=reserve.user).count() == coming
        assert before.changes.get().note == "In reserve to lead."
        do(cohort, new_lead(circle), "keep")
        assert (standing(cohort).reserve, people_told("circles.no_lead")) == (
            [before, reserve],
            users(everybody(circle)),
        )

    def test_attendance_that_nobody_recorded_is_asked_for_first(self, cohort, move_clock):
        circle = circle_of(cohort, 3)
        later(move_clock)
        [note] = plan_withdrawal(standing(cohort), lead_of(circle)).notes
        assert "who came to session 1, 2 of" in note
