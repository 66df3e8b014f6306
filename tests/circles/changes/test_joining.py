"""Somebody late is given a seat, and a mentor in reserve a circle."""

import pytest

from circles.models import Circle
from circles.services.changes import consequences, plan_seat
from outbox.models import Message
from tests.circles.changes.doing import do, later, people_told, seat, users
from tests.circles.changing import TODAY, circle_of, everybody, keys, lead_of, members_of, standing, tuesday, wednesday
from tests.circles.forming import enrol
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db


class TestLateMember:
    def test_every_circle_with_room_by_what_it_costs_and_the_others_with_the_rule(self, cohort, move_clock):
        topic = TopicFactory()
        plain, best = circle_of(cohort, 3), circle_of(cohort, 3)
        lead_of(best).topics.set([topic])
        full = circle_of(cohort, 3, capacity=3)
        elsewhere = circle_of(cohort, 3, slot=wednesday(cohort))
        later(move_clock)
        late = enrol(cohort, slots=[tuesday(cohort)], topics=[topic])
        plan = do(cohort, seat(late))
        assert [option.key for option in plan.options] == [f"seat:{best.pk}", f"seat:{plain.pk}"]
        assert f"The mentor covers all their goals: {topic.name}." in plan.options[0].because
        assert "The mentor covers none of their goals." in plan.options[1].because
        against = {one.title.partition(",")[0]: one.words for one in plan.against}
        assert against == {str(full): "Every seat is taken.", str(elsewhere): "They can’t make Tuesday 12:30pm."} | {
            str(elsewhere): "They can’t make Wednesday 5:30pm."
        }
        assert late in members_of(best)
        invited = Message.objects.filter(kind="circles.session_invited", recipient=late.user)
        assert invited.count() == best.sessions.upcoming().count() == 4

    def test_a_colleague_costs_and_is_said(self, cohort):
        with_colleague, without = circle_of(cohort, 3), circle_of(cohort, 3)
        late = enrol(cohort, slots=[tuesday(cohort)], organisation=members_of(with_colleague)[0].organisation)
        plan = plan_seat(standing(cohort), late)
        assert [option.key for option in plan.options] == [f"seat:{without.pk}", f"seat:{with_colleague.pk}"]
        assert any("colleague" in line for line in plan.options[1].because)

    def test_a_circle_keeps_its_time_although_all_could_make_another(self, cohort):
        circle = circle_of(cohort, 3)
        for one in everybody(circle):
            one.slots.add(wednesday(cohort))
        late = enrol(cohort, slots=[wednesday(cohort)])
        plan = plan_seat(standing(cohort), late)
        assert plan.options == ()
        assert plan.against[0].words == "They can’t make Tuesday 12:30pm."

    def test_who_sits_there_in_spite_of_their_times_does_not_stand_in_the_way(self, cohort):
        circle = circle_of(cohort, 3)
        members_of(circle)[0].slots.set([wednesday(cohort)])
        late = enrol(cohort, slots=[tuesday(cohort)])
        assert keys(plan_seat(standing(cohort), late)) == ["seat"]

    def test_only_who_is_enrolled_and_has_no_seat_is_given_one(self, cohort):
        circle = circle_of(cohort, 3)
        unfinished = enrol(cohort, slots=[tuesday(cohort)], state="started")
        assert plan_seat(standing(cohort), unfinished).options == ()
        plan = plan_seat(standing(cohort), members_of(circle)[0])
        assert (plan.options, plan.says.endswith(f"sits in {circle} already.")) == ((), True)

    def test_a_place_counts_too(self, cohort):
        circle_of(cohort, 3, place="leeds")
        late = enrol(cohort, slots=[tuesday(cohort)])
        assert plan_seat(standing(cohort), late).against[0].words == "They can’t meet in leeds."

    def test_without_a_seat_the_reason_and_what_would_help(self, cohort):
        circle = circle_of(cohort, 3, capacity=3)
        enrol(cohort, role="mentor")
        late = enrol(cohort, slots=[tuesday(cohort)])
        plan = plan_seat(standing(cohort), late)
        assert plan.options == ()
        assert "All three seats in the only circle that suits are taken" in plan.helps
        assert f"Only the number of seats stands against {circle}." in plan.helps
        assert "1 mentor without a circle could open one" in plan.helps

    def test_kept_apart_is_a_rule(self, cohort, monkeypatch):
        circle = circle_of(cohort, 3)
        late = enrol(cohort, slots=[tuesday(cohort)])
        from circles.selectors import standing as module

        whole = module.problem_data
        apart = [[str(members_of(circle)[0].pk), str(late.pk)]]
        monkeypatch.setattr(module, "problem_data", lambda *given: whole(*given) | {"apart": apart})
        plan = plan_seat(standing(cohort), late)
        assert plan.against[0].words == "Somebody in it is to be kept apart from them."


class TestReserveMentor:
    def test_leads_a_circle_without_a_mentor(self, cohort, move_clock):
        circle_of(cohort, 3)
        circle = circle_of(cohort, 3, led=False)
        later(move_clock)
        reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
        plan = do(cohort, seat(reserve))
        assert keys(plan) == ["lead"]
        assert lead_of(circle) == reserve
        assert people_told("circles.new_lead") == users(members_of(circle))

    def test_opens_a_circle_for_those_who_wait_when_enough_of_them_fit(self, cohort, move_clock):
        circle_of(cohort, 3)
        later(move_clock)
        fits = [enrol(cohort, slots=[wednesday(cohort)]) for _ in range(3)]
        enrol(cohort, slots=[tuesday(cohort)])
        reserve = enrol(cohort, role="mentor", slots=[wednesday(cohort)])
        plan = do(cohort, seat(reserve))
        assert keys(plan) == ["open"]
        circle = Circle.objects.get(number=2)
        assert (circle.slot, circle.place) == (wednesday(cohort), "online")
        assert lead_of(circle) == reserve
        assert set(members_of(circle)) == set(fits)
        starts = list(circle.sessions.values_list("starts_at", flat=True))
        assert starts
        assert min(starts).date() > TODAY
        assert people_told("circles.placed") == users([reserve, *fits])
        invited = Message.objects.filter(kind="circles.session_invited", recipient=reserve.user)
        assert invited.count() == len(starts)
        [words] = consequences(plan.standing, plan.options[0].change).calendar
        assert words == f"{len(starts)} invitations for each of the 4 people of the new circle."

    def test_too_few_who_fit_open_none_and_the_number_is_said(self, cohort):
        for _ in range(2):
            enrol(cohort, slots=[wednesday(cohort)])
        enrol(cohort, slots=[tuesday(cohort)])
        reserve = enrol(cohort, role="mentor", slots=[wednesday(cohort)])
        plan = plan_seat(standing(cohort), reserve)
        assert plan.options == ()
        assert plan.against[0].words == (
            "2 of the 3 people who wait could join them, and a circle needs 3 at one time."
        )

    def test_none_is_opened_when_the_months_of_meeting_are_over(self, cohort, move_clock):
        for _ in range(3):
            enrol(cohort, slots=[wednesday(cohort)])
        reserve = enrol(cohort, role="mentor", slots=[wednesday(cohort)])
        move_clock(cohort.sessions_until)
        assert plan_seat(standing(cohort), reserve).against[0].words == "There is no time left for its sessions."
