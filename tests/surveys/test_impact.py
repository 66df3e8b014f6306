"""What a closed cohort tells whom, and what it goes on telling when people are erased."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from privacy.models import AuditEvent
from surveys.disclosure import OUTSIDE, TEAM, Ledger
from surveys.models import EvaluationPlan, LedgerEntry, ParticipantKey
from surveys.selectors.flow import waves
from surveys.selectors.impact import audience_of, impact_figures, released_figures
from surveys.selectors.ledger import ledger_of
from surveys.selectors.plans import plan_digest
from surveys.selectors.together import newest_together
from surveys.services import PlanLockedError, close_cohort, release_again, set_plan
from surveys.services.erasure import erase_answers
from surveys.services.plans import lock_plan
from tests.factories import OrganisationFactory, StaffFactory
from tests.surveys.disclosure.attacker import solvable
from tests.surveys.people import AFTER, BEFORE, answer, answer_all, cohort_with_sessions, seated, varied

pytestmark = pytest.mark.django_db


@pytest.fixture
def surveyed(move_clock):  # type: ignore[no-untyped-def]
    """People of several organisations who answered twice; the clock is after the last session."""

    def make(*sizes: int, again: int | None = None):  # type: ignore[no-untyped-def]
        move_clock(BEFORE)
        cohort, people = cohort_with_sessions(), []
        seated(cohort)  # who leads the others, is from elsewhere and answers nothing
        for size in sizes:
            organisation = OrganisationFactory()
            people += [seated(cohort, organisation=organisation) for _ in range(size)]
        answer_all(people, "pre", 1, 3)
        move_clock(AFTER)
        if people[:again]:
            answer_all(people[:again], "post", 2, 4)
        return cohort, people

    return make


def erase(enrolment) -> None:  # type: ignore[no-untyped-def]
    erase_answers(user=enrolment.user)


def test_the_same_answers_and_clock_give_the_same_bytes(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(12)
    # The clock ticks on between the two.
    same = {"cut_off": "2027-04-15T12:00:00+01:00"}
    one, other = (json.dumps(impact_figures(cohort, TEAM, Ledger()) | same, sort_keys=True) for _ in range(2))
    assert one == other
    assert {"code", "cut_off", "plan", "policy"} <= set(json.loads(one))


def test_secondary_outcomes_are_adjusted_for_each_other_and_the_primary_is_not(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(12)
    rows = impact_figures(cohort, TEAM, Ledger())["outcomes"]
    assert [row["role"] for row in rows] == ["primary", *["secondary"] * (len(rows) - 1)]
    assert rows[0]["figures"]["p_holm"] is None
    assert all(row["figures"]["p_holm"] >= row["figures"]["p"] for row in rows[1:])


def test_those_who_did_not_answer_again_are_compared_where_they_are_enough(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(17, again=11)
    attrition = impact_figures(cohort, TEAM, Ledger())["outcomes"][0]["attrition"]
    assert (attrition["n_completers"], attrition["n_others"]) == (11, 6)
    assert attrition["standardised"] is None
    assert impact_figures(cohort, OUTSIDE, Ledger())["outcomes"][0]["attrition"] is None


def test_an_organisation_is_told_of_its_own_only_where_the_rest_stays_hidden(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed(9, 8, 3)
    close_cohort(cohort=cohort, by=None)
    told = released_figures(cohort, "outside")["organisations"]
    shown = {key for key, rows in told.items() if rows[0]["figures"]}
    assert set(told) > {str(person.organisation_id) for person in people}
    # Of the two that are large enough only one: with both, the three others could be worked out.
    assert len(shown) == 1
    figures = told[shown.pop()][0]["figures"]
    assert figures["n_pairs"] == 10
    assert figures["p"] is figures["g_z"] is None


def test_a_coordinator_who_answered_does_not_count_towards_the_threshold(surveyed) -> None:  # type: ignore[no-untyped-def]
    from tests.factories import CoordinatorFactory

    cohort, people = surveyed(8, 9)
    CoordinatorFactory(organisation=people[0].organisation, user=people[0].user)
    close_cohort(cohort=cohort, by=None)
    told = released_figures(cohort, "outside")["organisations"]
    assert told[str(people[0].organisation_id)][0]["figures"] is None


def test_who_reads_as_staff_or_coordinator_does_not_count_and_the_strictest_threshold_holds(surveyed) -> None:  # type: ignore[no-untyped-def]
    from tests.factories import CoordinatorFactory

    cohort, people = surveyed(8)
    CoordinatorFactory(organisation=people[0].organisation, user=people[0].user)
    outside = impact_figures(cohort, OUTSIDE, Ledger())["outcomes"][0]
    assert outside["figures"] is outside["alpha_pre"] is None
    assert impact_figures(cohort, TEAM, Ledger())["outcomes"][0]["figures"]["n_pairs"] == 8
    for person in people[:4]:
        person.user.is_staff = True
        person.user.save()
    assert impact_figures(cohort, TEAM, Ledger())["outcomes"][0]["figures"] is None
    cohort.surveys.filter(wave="check_in").update(threshold_team=13, threshold_outside=14)
    found = waves(cohort)
    assert (audience_of(found, TEAM).k, audience_of(found, OUTSIDE).k) == (13, 14)


def test_erasures_change_nothing_until_enough_people_have_gone(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed(20)
    close_cohort(cohort=cohort, by=None)
    before = json.dumps(released_figures(cohort, "impact"))
    for n, person in enumerate(people[:5], start=1):
        erase(person)
        assert release_again(cohort=cohort, by=None) is (n == 5)
        if n < 5:
            assert json.dumps(released_figures(cohort, "impact")) == before
    assert released_figures(cohort, "impact")["outcomes"][0]["figures"]["n_pairs"] == 15
    assert released_figures(cohort, "outside")["outcomes"][0]["figures"]["n_pairs"] == 20
    assert AuditEvent.objects.filter(verb="cohort.figures_released_again").count() == 1


def test_what_was_told_of_an_organisation_stands_when_its_people_are_erased(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed(20, 9)
    close_cohort(cohort=cohort, by=None)
    before = released_figures(cohort, "outside")
    for person in people[20:]:
        erase(person)
    assert release_again(cohort=cohort, by=None) is True
    after = released_figures(cohort, "outside")
    assert after["outcomes"][0]["figures"] != before["outcomes"][0]["figures"]
    # Of one organisation nobody has gone, of the other everybody.
    for one in (people[0], people[20]):
        told = [figures["organisations"][str(one.organisation_id)][0] for figures in (before, after)]
        assert told[0]["figures"]
        assert told[0] == told[1]


def test_whoever_has_read_the_whole_ledger_solves_for_nobody(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed(10, 9, 8)
    close_cohort(cohort=cohort, by=None)
    for person in people[:9]:
        erase(person)
        release_again(cohort=cohort, by=None)
    entries = LedgerEntry.objects.filter(cohort=cohort)
    for audience, measure in set(entries.values_list("audience", "measure")):
        groups = entries.filter(audience=audience, measure=measure).values_list("people", flat=True)
        assert solvable([frozenset(people) for people in groups]) == set()
    keys = set(ParticipantKey.objects.values_list("key", flat=True))
    assert not any(keys & set(people) for people in entries.values_list("people", flat=True))


def test_cohorts_too_small_alone_are_told_together_and_nothing_of_one_of_them_later(surveyed) -> None:  # type: ignore[no-untyped-def]
    first, _ = surveyed(4)
    close_cohort(cohort=first, by=None)
    assert newest_together() == {}
    second, _ = surveyed(3)
    close_cohort(cohort=second, by=None)
    told = newest_together()
    row = told["outcomes"][0]
    assert row["figures"]["n_pairs"] == 7
    assert row["figures"]["p"] is None
    assert set(row["cohorts"]) == {str(first.pk), str(second.pk)}  # both close at the same noon
    # One more small one would tell about the two who are new: the older figures stand.
    third, _ = surveyed(2)
    close_cohort(cohort=third, by=None)
    assert newest_together() == told
    # A cohort that stands alone is never among them.
    fourth, _ = surveyed(12)
    close_cohort(cohort=fourth, by=None)
    assert str(fourth.pk) not in newest_together()["outcomes"][0]["cohorts"]
    ledgers = [ledger_of(one, TEAM) for one in (first, second)]
    keys = set(ParticipantKey.objects.filter(enrolment__cohort=first).values_list("key", flat=True))
    measure = next(m for m in LedgerEntry.objects.values_list("measure", flat=True) if m.endswith("change"))
    assert not any(ledger.allows(measure, keys, TEAM.k) for ledger in ledgers)


def test_a_step_that_few_took_and_not_another_is_not_shown(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(20, again=17)
    steps = {one["label"]: one["n"] for one in impact_figures(cohort, TEAM, Ledger())["flow"]}
    # One leads and answered nothing; three did not answer again: 21 enrolled, 20 and 17 answers.
    assert (steps["Enrolled"], steps["Answered before the first session"]) == (21, None)
    assert steps["Answered both times (paired)"] is None
    cohort, _ = surveyed(20, again=15)
    steps = {one["label"]: one["n"] for one in impact_figures(cohort, TEAM, Ledger())["flow"]}
    assert (steps["Enrolled"], steps["Answered both times (paired)"]) == (21, 15)


def test_who_answered_is_told_by_role_with_what_it_takes_hidden(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(20, again=9)
    table = impact_figures(cohort, TEAM, Ledger())["answered"]
    assert table["roles"] == ["Mentor", "Mentee"]
    assert table["figures"] is None  # two mentors are too few for a row of their own
    assert "answered" not in impact_figures(cohort, OUTSIDE, Ledger())


def test_a_plan_is_locked_by_the_first_second_answer_and_then_refused(surveyed, move_clock) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed(2, again=0)
    staff, order = StaffFactory(), list(reversed(impact_figures(cohort, TEAM, Ledger())["plan"]))
    assert set_plan(cohort=cohort, outcomes=order, by=staff).locked_at is None
    with pytest.raises(Exception, match="Every outcome"):
        set_plan(cohort=cohort, outcomes=order[1:], by=staff)
    answer(people[0], "post", varied(0))
    plan = EvaluationPlan.objects.get(cohort=cohort)
    assert plan.digest == plan_digest(order)
    with pytest.raises(PlanLockedError):
        set_plan(cohort=cohort, outcomes=sorted(order), by=staff)
    assert AuditEvent.objects.filter(verb="evaluation_plan.refused", actor=staff).count() == 1
    move_clock(AFTER + dt.timedelta(days=1))
    lock_plan(cohort=cohort)
    assert EvaluationPlan.objects.get(cohort=cohort).locked_at == plan.locked_at
    assert [row["key"] for row in impact_figures(cohort, TEAM, Ledger())["outcomes"]] == order


def test_no_plan_is_locked_without_its_hash(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(1)
    lock_plan(cohort=cohort)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationPlan.objects.filter(cohort=cohort).update(digest="")
