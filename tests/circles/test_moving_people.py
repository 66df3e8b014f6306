"""Somebody who sits in a circle moves to another, after publication: what fits, what is said, and what follows."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from circles.formation.cost import PARTS
from circles.models import Action, AgendaItem, Circle
from circles.services.changes import StalePlanError, confirm, consequences, plan_move, weighing
from cohorts.models import Cohort
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.changes.doing import Make, do, people_told, told
from tests.circles.changing import TODAY, circle_of, keys, lead_of, members_of, published, standing, tuesday, wednesday
from tests.circles.forming import enrol
from tests.factories import StaffFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.date(2026, 9, 1))
    return published()


def move(one: Enrolment) -> Make:
    return partial(plan_move, enrolment=Enrolment.objects.select_related("user", "organisation").get(pk=one.pk))


def told_of(one: Enrolment, circle: Circle, kind: str) -> int:
    """How many messages of a kind somebody got about the sessions to come of a circle."""
    coming = circle.sessions.upcoming().values("pk")
    return Message.objects.filter(kind=f"circles.{kind}", recipient=one.user, object_id__in=coming).count()


def test_every_circle_that_keeps_the_rules_the_best_first_and_the_others_with_the_rule(cohort: Cohort) -> None:
    topic = TopicFactory()
    here, plain, best = circle_of(cohort, 3), circle_of(cohort, 4), circle_of(cohort, 2, week=3)
    lead_of(best).topics.set([topic])
    full, elsewhere = circle_of(cohort, 3, capacity=3), circle_of(cohort, 3, slot=wednesday(cohort))
    bosses = circle_of(cohort, 3)
    one = members_of(here)[0]
    one.topics.set([topic])
    Enrolment.objects.filter(pk=lead_of(bosses).pk).update(organisation=one.organisation)
    plan = move(one)(standing(cohort))
    assert [option.key for option in plan.options] == [f"seat:{best.pk}", f"seat:{plain.pk}", "wait"]
    assert {one.title.partition(",")[0]: one.words for one in plan.against} == {
        str(full): "Every seat is taken.",
        str(elsewhere): "They can’t make Wednesday 5:30pm.",
        str(bosses): "The mentor is from their own organisation.",
    }
    first = plan.options[0]
    assert f"led by {lead_of(best).user}, Tuesday 12:30pm, online" in first.title
    assert f"The mentor covers all their goals: {topic.name}." in first.because
    assert "It meets at the time and place of today." in first.because
    assert any("they would be one more" in line for line in first.because)
    assert any(line.startswith("Taken as a whole, the two circles are better off for it") for line in first.because)
    assert "The mentor covers none of their goals." in plan.options[1].drawbacks
    assert first.drawbacks == (f"{here} would have 2 members; 3 is the least that this cohort aims at.",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"goals": 20, "size": -8}, "the two circles are worse off for it, because fewer of their goals are covered."),
        ({"organisation": 100, "size": 8}, "worse off for it, most of all because more colleagues share a circle."),
        (
            {"level": -6, "goals": -6},
            "better off for it, because more of their goals are covered and fewer",
        ),
        ({"function": 8, "size": -8}, "the two circles are as well off as before."),
        ({}, "as well off as before."),
    ],
)
def test_what_weighs_most_is_said_and_no_points(change: dict[str, float], says: str) -> None:
    assert says in weighing.of_move(change, "circle")
    assert set(weighing._MEANS) == set(PARTS) - {"waiting", "moved"}, "what a price of one seat can hold"


def test_one_act_moves_seat_calendar_and_history_and_tells_whom_the_page_named(cohort, move_clock) -> None:
    here, there = circle_of(cohort, 4), circle_of(cohort, 3)
    move_clock(TODAY)
    one, mates, others = members_of(here)[0], members_of(here)[1:], members_of(there)
    asked = AgendaItem.objects.create(circle=here, text="Asking for a rise", added_by=one)
    Action.objects.create(circle=here, text="Write to them", owner=one, added_by=one)
    found = move(one)(standing(cohort))
    said = consequences(found.standing, found.options[0].change)
    assert "1 open action is theirs" in found.notes[0]
    assert [step.what for step in said.steps] == [f"moves from {here} to {there}."]
    plan = do(cohort, move(one))
    assert (members_of(here), members_of(there)) == (mates, [*others, one])
    assert people_told("circles.moved") == {one.user_id}
    assert people_told("circles.grown") == {lead_of(there).user_id}
    assert people_told("circles.member_left") == {one.user_id for one in [lead_of(here), *mates]}
    about_seats = {kind for kind in told() if kind != "circles.session_cancelled"}
    assert about_seats == {"circles.moved", "circles.grown", "circles.member_left"}
    assert sum(line.number for line in said.told) == 6
    assert told_of(one, here, "session_cancelled") == here.sessions.upcoming().count() == 4
    assert told_of(one, there, "session_invited") == 4
    assert one.changes.get().note == f"Moved from {here} to {there}."
    asked.refresh_from_db()
    assert asked.circle == here, "the agenda is the circle's, as with every other change in which it goes on"
    with pytest.raises(StalePlanError):
        confirm(cohort=cohort, make=move(one), option=plan.options[0].key, fingerprint=plan.fingerprint, by=None)
    do(cohort, move(one), f"seat:{here.pk}")
    assert one in members_of(here)


def test_where_nothing_fits_they_can_wait_and_are_placed_like_anybody_who_waits(cohort, move_clock) -> None:
    here = circle_of(cohort, 3)
    full = circle_of(cohort, 3, capacity=3)
    move_clock(TODAY)
    one = members_of(here)[0]
    plan = do(cohort, move(one))
    assert keys(plan) == ["wait"]
    assert "Only the number of seats stands against 1 circle" in plan.notes[0]
    assert plan.against[0].title.startswith(str(full))
    assert standing(cohort).waiting == [one]
    assert people_told("circles.unseated") == {one.user_id}
    assert move(one)(standing(cohort)).options == ()


def test_who_leads_takes_over_only_a_circle_without_a_mentor(cohort, move_clock) -> None:
    here, leaderless = circle_of(cohort, 3), circle_of(cohort, 3, led=False)
    move_clock(TODAY)
    lead = lead_of(here)
    plan = do(cohort, move(lead))
    assert keys(plan) == ["lead"]
    assert "goes on without a mentor" in plan.options[0].drawbacks[0]
    assert lead_of(leaderless) == lead
    assert people_told("circles.no_lead") == {one.user_id for one in members_of(here)}
    assert people_told("circles.new_lead") == {one.user_id for one in members_of(leaderless)}


def test_the_page_is_linked_moves_somebody_and_leads_who_has_no_seat_to_a_seat(client: Client, cohort: Cohort) -> None:
    here, there = circle_of(cohort, 4), circle_of(cohort, 3)
    one = members_of(here)[0]
    client.force_login(StaffFactory(role="lead"))
    url = reverse("admin:enrolment_move", args=[one.pk])
    overview = reverse("admin:cohort_changes", args=[cohort.pk])
    for page in (overview, one.get_absolute_url(), here.get_absolute_url(), f"/admin/enrolment/{one.pk}/seat/"):
        assert url in client.get(page).content.decode(), page
    shown = client.get(url)
    plan = shown.context["plan"]
    assert "What happens, and who is told" in shown.content.decode()
    answer = client.post(url, {"fingerprint": plan.fingerprint, "option": f"seat:{there.pk}"}, follow=True)
    assert "For a day this can be taken back" in answer.content.decode()
    assert one in members_of(there)
    undo = reverse("admin:enrolment_undo", args=[one.pk])
    for page in (overview, one.get_absolute_url(), reverse("admin:cohort_page", args=[cohort.pk])):
        assert undo in client.get(page).content.decode(), page
    shown = client.get(undo)
    assert "they sit there again" in shown.content.decode()
    client.post(undo, {"fingerprint": shown.context["undo"].fingerprint})
    assert one in members_of(here)
    later = enrol(cohort, slots=[tuesday(cohort)])
    to_seat = client.get(reverse("admin:enrolment_move", args=[later.pk]))
    assert to_seat.url == reverse("admin:enrolment_seat", args=[later.pk])
