"""The versions of a proposal: listed, compared, taken up again; and whose change it was."""

import pytest

from accounts import clock
from circles.models import FormationRun
from circles.selectors.comparison import compare
from circles.selectors.versions import last_change, versions
from circles.services import board, formation
from circles.services.board import ConflictError, FormationError
from circles.services.versions import take_up
from circles.tasks.formation import run_engine
from participants.models import Enrolment
from tests.circles.forming import proposed, ready
from tests.factories import StaffFactory
from ui.dates import uk_time

pytestmark = pytest.mark.django_db


def test_a_run_keeps_what_it_aimed_at():
    cohort = ready(leads=2, members=8)
    run = formation.start_run(cohort=cohort, by=None, seconds=1)
    run_engine(run.pk)
    run.refresh_from_db()
    assert (run.settings["minimum"], run.settings["target"]) == (3, 4)
    assert (run.settings["own_organisation"], run.settings["mutual"]) == ("forbidden", False)
    assert run.settings["weights"]["waiting"] == 2000
    (version,) = versions(cohort)
    assert not version.is_stale


def test_versions_say_who_was_seated_what_was_done_by_hand_and_whether_people_have_changed():
    cohort = ready()
    older = proposed(cohort)
    person = older.circles.first().seats.first().enrolment
    board.move(run=older, enrolment=person, circle=None, by=None, version=1)
    board.pin(run=older, enrolment=older.seats.last().enrolment, pinned=True, by=None, version=2)
    newest = proposed(cohort)
    FormationRun.objects.create(cohort=cohort, state="failed")
    found = versions(cohort)
    assert [(one.run, one.placed, one.waiting, one.changes, one.is_newest) for one in found] == [
        (newest, 8, 0, 0, True), (older, 7, 1, 2, False),
    ]  # fmt: skip
    assert not any(one.is_stale for one in found)
    Enrolment.objects.filter(pk=person.pk).update(level=7)
    assert all(one.is_stale for one in versions(cohort))


def test_pins_are_no_change_of_people():
    cohort = ready()
    run = proposed(cohort)
    board.pin(run=run, enrolment=run.seats.first().enrolment, pinned=True, by=None, version=1)
    assert not versions(cohort)[0].is_stale


# --- two side by side -------------------------------------------------------------------------
def test_two_proposals_differ_in_who_waits_and_who_sits_elsewhere():
    cohort = ready(leads=2, members=8)
    one, other = proposed(cohort), None
    first, second = one.circles.all()
    waits, moves = [seat.enrolment for seat in first.seats.order_by("enrolment__created_at")[:2]]
    other = proposed(cohort)
    board.move(run=other, enrolment=waits, circle=None, by=None, version=1)
    board.pin(run=other, enrolment=other.circles.first().seats.exclude(enrolment=moves).first().enrolment,
              pinned=True, by=None, version=2)  # fmt: skip
    board.move(run=other, enrolment=moves, circle=other.circles.last(), by=None, version=3)
    other.refresh_from_db()
    found = compare(one, other)
    assert found.waits_first == []
    assert [seat.enrolment for seat in found.waits_second] == [waits]
    (moved,) = found.elsewhere
    assert (moved.enrolment, moved.first, moved.second) == (
        moves, f"Circle 1, {first.lead.user}", f"Circle 2, {second.lead.user}",
    )  # fmt: skip
    left, joined = found.circles
    assert (set(left.only_first), left.only_second, len(left.both)) == ({waits, moves}, [], 2)
    assert (joined.only_first, joined.only_second, len(joined.both)) == ([], [moves], 4)
    assert found.same_circles == 0
    waiting = next(part for part in found.parts if part.words == "People waiting")
    assert (waiting.first, waiting.second, waiting.difference) == (0, 2000, 2000)
    assert found.difference == other.cost - one.cost


def test_the_same_proposal_twice_differs_in_nothing():
    run = proposed(ready())
    found = compare(run, run)
    assert (found.waits_first, found.waits_second, found.elsewhere, found.same_circles) == ([], [], [], 2)


# --- taking one up again ----------------------------------------------------------------------
def test_taking_an_older_one_up_again_makes_a_new_one_and_overwrites_nothing():
    cohort, staff = ready(), StaffFactory()
    older = proposed(cohort)
    person = older.circles.first().seats.first().enrolment
    board.move(run=older, enrolment=person, circle=None, by=None, version=1)
    proposed(cohort)
    older.refresh_from_db()
    copy = take_up(run=older, by=staff)
    assert (copy.copied_from, copy.requested_by, copy.version, copy.cost) == (older, staff, 1, older.cost)
    assert versions(cohort)[0].run == copy
    found = compare(older, copy)
    assert (found.elsewhere, found.same_circles, found.difference) == ([], 2, 0)
    assert older.seats.count() == copy.seats.count() == 8
    assert cohort.formation_runs.count() == 3


def test_who_has_left_since_is_not_taken_up_again():
    cohort = ready()
    older = proposed(cohort)
    gone = older.seats.first().enrolment
    Enrolment.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert not take_up(run=older, by=None).seats.filter(enrolment=gone).exists()


def test_nothing_is_taken_up_while_circles_are_formed_or_once_they_are_published():
    cohort = ready()
    older = proposed(cohort)
    run = formation.start_run(cohort=cohort, by=None)
    with pytest.raises(FormationError, match="just now"):
        take_up(run=older, by=None)
    FormationRun.objects.filter(pk=run.pk).update(state="failed")
    run.refresh_from_db()
    with pytest.raises(FormationError, match="no proposal"):
        take_up(run=run, by=None)
    cohort.published_at = clock.now()
    cohort.save()
    with pytest.raises(FormationError, match="published already"):
        take_up(run=older, by=None)


# --- whose change it was ----------------------------------------------------------------------
def test_nothing_is_changed_while_circles_are_formed_again():
    cohort = ready()
    run = proposed(cohort)
    formation.start_run(cohort=cohort, by=None)
    with pytest.raises(ConflictError, match="just now"):
        board.move(run=run, enrolment=run.seats.first().enrolment, circle=None, by=None, version=1)


def test_the_last_change_names_who_what_and_when(move_clock):
    cohort = ready()
    run = proposed(cohort)
    assert last_change(run) == "Somebody else changed the proposal in the meantime."
    person = run.circles.first().seats.first().enrolment
    board.move(run=run, enrolment=person, circle=None, by=StaffFactory(first_name="Maya", last_name="M"), version=1)
    at = clock.local(clock.now())
    assert last_change(run) == f"Maya M moved somebody at {uk_time(at)}."
    move_clock(at.date().replace(year=at.year + 1))
    assert last_change(run) == f"Maya M moved somebody at {uk_time(at)} on {at.day} {at:%B}."
    board.drop(enrolment=person)
    assert last_change(run) == "Somebody withdrew at midday."
