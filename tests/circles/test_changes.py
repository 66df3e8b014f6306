"""Changes after publication: each case, what is refused, plans that are out of date, and doing it twice."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from accounts import clock
from circles.models import AgendaItem, Circle, Membership
from circles.selectors.feeds import feed_by_token
from circles.selectors.standing import Standing
from circles.services.changes import (
    ChangeError,
    Plan,
    StalePlanError,
    confirm,
    consequences,
    partners,
    plan_merge,
    plan_new_lead,
    plan_seat,
    plan_withdrawal,
)
from circles.services.feeds import make_feed
from cohorts.models import Cohort
from outbox.models import Message
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.changing import (
    TODAY,
    circle_of,
    everybody,
    keys,
    lead_of,
    members_of,
    now_of,
    published,
    standing,
    tuesday,
    wednesday,
)
from tests.circles.forming import enrol, pairs
from tests.factories import CircleFactory, MembershipFactory, StaffFactory, TopicFactory

pytestmark = pytest.mark.django_db
Make = Callable[[Standing], Plan]


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.date(2026, 9, 1))
    return published()


def later(move_clock: Callable) -> None:
    move_clock(TODAY)


def do(cohort: Cohort, make: Make, option: str = "", **values: object) -> Plan:
    """Make a plan and confirm the first of its options, or the first of a kind."""
    plan = make(standing(cohort))
    chosen = next(one.key for one in plan.options if one.key.startswith(option))
    confirm(cohort=cohort, make=make, option=chosen, fingerprint=plan.fingerprint, by=StaffFactory(), **values)
    return plan


def withdrawal(one: Enrolment) -> Make:
    return partial(plan_withdrawal, enrolment=Enrolment.objects.select_related("user", "organisation").get(pk=one.pk))


def seat(one: Enrolment) -> Make:
    return partial(plan_seat, enrolment=Enrolment.objects.select_related("user", "organisation").get(pk=one.pk))


def new_lead(circle: Circle) -> Make:
    return lambda found: plan_new_lead(found, found.circles[str(circle.pk)])


def merge(one: Circle, other: Circle) -> Make:
    return lambda found: plan_merge(found, found.circles[str(one.pk)], found.circles[str(other.pk)])


def told() -> Counter[str]:
    """How many messages of each kind were queued since the circles were sent."""
    return Counter(Message.objects.exclude(kind="circles.session_invited").values_list("kind", flat=True))


def people_told(kind: str) -> set[object]:
    return set(Message.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def users(people: list[Enrolment]) -> set[object]:
    return {one.user_id for one in people}


# --- a member withdraws ---------------------------------------------------------------------------
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


# --- a mentor withdraws ---------------------------------------------------------------------------
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


# --- a late member --------------------------------------------------------------------------------
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


# --- a reserve mentor -----------------------------------------------------------------------------
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


# --- merging --------------------------------------------------------------------------------------
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


# --- plans that are out of date, and doing it twice ------------------------------------------------
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


# --- what the page says ----------------------------------------------------------------------------
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
