"""Closing a cohort, and the figures released then."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError

from circles.models import Attendance, Certificate, Session
from content.models import Baseline
from participants.models import EnrolmentChange
from privacy.models import AuditEvent, Purpose
from privacy.services import set_consent
from surveys.models import Answer, Snapshot
from surveys.selectors import closing_preview, cohort_impact, live_impact
from surveys.selectors.impact import CAVEAT
from surveys.services import close_cohort
from tests.factories import EnrolmentFactory, OrganisationFactory, StaffFactory
from tests.surveys.people import AFTER, BEFORE, FIRST_SESSION, LAUNCH, answer, cohort_with_sessions, seated, varied

pytestmark = pytest.mark.django_db


def attend(enrolment, sessions: int) -> None:  # type: ignore[no-untyped-def]
    for session in Session.objects.order_by("starts_at")[:sessions]:
        Attendance.objects.create(session=session, enrolment=enrolment, attended=True)


@pytest.fixture
def surveyed(move_clock):  # type: ignore[no-untyped-def]
    """Twelve people who answered twice, each a little differently; the clock is after the last session."""

    def make(count: int = 12, agrees: bool = True):  # type: ignore[no-untyped-def]
        move_clock(BEFORE)
        cohort = cohort_with_sessions(number=41 + count)
        people = [seated(cohort, agrees=agrees) for _ in range(count)]
        for n, person in enumerate(people):
            answer(person, "pre", varied(n))
        move_clock(AFTER)
        for n, person in enumerate(people):
            answer(person, "post", varied(n, 2, 4))
        return cohort, people

    return make


def figures(cohort) -> dict:  # type: ignore[no-untyped-def]
    return cohort.snapshots.get(kind="impact").figures


def test_closing_issues_certificates_completes_people_and_releases_figures(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed()
    attend(people[0], 4)
    attend(people[1], 3)
    unplaced = EnrolmentFactory(cohort=cohort)
    staff = StaffFactory()
    closed = close_cohort(cohort=cohort, by=staff)
    assert closed.closed_at is not None
    assert [certificate.enrolment for certificate in Certificate.objects.all()] == [people[0]]
    people[1].refresh_from_db()
    unplaced.refresh_from_db()
    assert (people[1].state, unplaced.state) == ("completed", "enrolled")
    assert EnrolmentChange.objects.filter(state="completed", by=staff).count() == 12
    assert AuditEvent.objects.filter(verb="cohort.closed", actor=staff).count() == 1
    assert set(cohort.snapshots.values_list("kind", flat=True)) == {"reach", "impact", "outside"}


def test_closing_twice_changes_nothing(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed()
    first = close_cohort(cohort=cohort, by=None)
    again = close_cohort(cohort=cohort, by=None)
    assert again.closed_at == first.closed_at
    assert Snapshot.objects.count() == 3


def test_a_cohort_with_sessions_to_come_is_not_closed(move_clock) -> None:  # type: ignore[no-untyped-def]
    cohort = cohort_with_sessions()
    move_clock(FIRST_SESSION + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="5 sessions are still to come"):
        close_cohort(cohort=cohort, by=None)
    cohort.refresh_from_db()
    assert cohort.closed_at is None
    assert not Snapshot.objects.exists()


def test_the_preview_says_what_the_close_then_does(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed()
    attend(people[3], 5)
    EnrolmentFactory(cohort=cohort)
    preview = closing_preview(cohort)
    assert preview.certificates == [people[3]]
    assert (preview.completed, preview.never_placed) == (12, 1)
    assert (preview.mentees, preview.mentors, preview.organisations) == (10, 2, 12)
    assert preview.warnings == ["Nobody has recorded who came to 1 of 6 sessions: people may miss their certificate."]
    close_cohort(cohort=cohort, by=None)
    assert Certificate.objects.count() == 1


def test_what_is_released_is_named_and_carries_the_caveat(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed()
    assert cohort_impact(cohort).released is False
    assert cohort_impact(cohort).figures["outcomes"] == []
    close_cohort(cohort=cohort, by=None)
    released = figures(cohort)
    assert released["caveat"] == CAVEAT
    assert "2 circles" in released["nested"]
    outcome = released["outcomes"][0]
    assert outcome["figures"]["n_pairs"] == 12
    assert {"ci_low", "ci_high", "g_z", "d_av", "p", "p_holm"} <= set(outcome["figures"])
    steps = {step["label"]: step["n"] for step in released["flow"]}
    assert steps["Answered both times (paired)"] == 12
    assert steps["Attended 4 or more of 6 sessions"] == 0


def test_four_people_release_nothing_that_is_derived_from_them(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(4)
    close_cohort(cohort=cohort, by=None)
    released = figures(cohort)
    assert all(outcome["figures"] is None for outcome in released["outcomes"])
    assert len({outcome["text"] for outcome in released["outcomes"]}) == 1
    assert {step["n"] for step in released["flow"][1:4]} == {None}


def test_answers_of_those_who_did_not_agree_serve_nobody_else(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = surveyed(12, agrees=False)
    close_cohort(cohort=cohort, by=None)
    assert all(outcome["figures"] is None for outcome in figures(cohort)["outcomes"])


def test_who_withdraws_consent_before_the_close_is_left_out_and_after_it_not_recomputed(surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort, people = surveyed()
    set_consent(user=people[0].user, purpose=Purpose.EVALUATION, given=False, how="test")
    close_cohort(cohort=cohort, by=None)
    assert figures(cohort)["outcomes"][0]["figures"]["n_pairs"] == 11
    before = json.dumps(cohort_impact(cohort).figures)
    set_consent(user=people[1].user, purpose=Purpose.EVALUATION, given=False, how="test")
    Answer.objects.filter(response__survey__cohort=cohort)[:1].get().delete()
    assert json.dumps(cohort_impact(cohort).figures) == before


def test_late_first_surveys_are_left_out(surveyed, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    people = [seated(cohort) for _ in range(12)]
    move_clock(FIRST_SESSION + dt.timedelta(minutes=1))
    for n, person in enumerate(people):
        answer(person, "pre", varied(n))
    move_clock(AFTER)
    for n, person in enumerate(people):
        answer(person, "post", varied(n, 2, 4))
    close_cohort(cohort=cohort, by=None)
    assert all(outcome["figures"] is None for outcome in figures(cohort)["outcomes"])


def test_the_public_figures_count_an_organisation_once(move_clock) -> None:  # type: ignore[no-untyped-def]
    Baseline.objects.update_or_create(
        pk=1, defaults={"organisations": 67, "mentees": 1769, "mentors": 292, "as_of": LAUNCH, "source": "records"}
    )
    shared, known = OrganisationFactory(), OrganisationFactory(in_baseline=True)
    for number in (1, 2):
        move_clock(BEFORE)
        cohort = cohort_with_sessions(number=number)
        for organisation in (shared, known, OrganisationFactory()):
            seated(cohort, organisation=organisation)
        move_clock(AFTER)
        close_cohort(cohort=cohort, by=None)
    found = live_impact()
    assert (found.organisations, found.mentees, found.mentors) == (67 + 3, 1769 + 4, 292 + 2)
    assert found.as_of == LAUNCH


def test_without_a_baseline_there_are_only_the_released_figures() -> None:
    Baseline.objects.all().delete()
    assert (live_impact().organisations, live_impact().mentees, live_impact().mentors) == (0, 0, 0)
