"""What staff may change in the admin, and what is fixed once somebody has answered."""

import pytest
from django.test import Client
from django.urls import reverse

from privacy.models import AuditEvent
from surveys.models import Instrument, Response, Snapshot, Testimonial
from surveys.services import close_cohort, offer_testimonial, signatures
from tests.factories import StaffFactory
from tests.staff.acting import act
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def change(model: str, pk: object) -> str:
    return reverse(f"admin:surveys_{model}_change", args=[pk])


def test_an_instrument_and_a_survey_are_fixed_after_the_first_answer(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    instrument, survey = Instrument.objects.get(key="networking"), survey_of(cohort, "pre")
    pages = [change("instrument", instrument.pk), change("survey", survey.pk)]
    assert all('name="_save"' in staff.get(page).content.decode() for page in pages)
    answer(seated(cohort), "pre", submit=False)
    assert not any('name="_save"' in staff.get(page).content.decode() for page in pages)
    staff.post(pages[1], {"title": "Changed", "threshold_team": "5", "threshold_outside": "5"})
    survey.refresh_from_db()
    assert survey.threshold_outside == 8


def test_a_threshold_below_the_floor_and_a_promise_that_is_not_kept_are_refused_in_words(
    staff: Client, move_clock
) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    survey = survey_of(cohort_with_sessions(), "pre")
    data = {
        "title": "x", "introduction": "", "threshold_team": "5", "threshold_outside": "8", "parts-TOTAL_FORMS": "0",
        "parts-INITIAL_FORMS": "0", "questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0",
    }  # fmt: skip
    for wrong in ({"threshold_team": "4"}, {"introduction": "Your answers are anonymous."}):
        assert staff.post(change("survey", survey.pk), data | wrong).status_code == 200
    assert "not anonymous: say it" in staff.post(change("survey", survey.pk), data | wrong).content.decode()
    survey.refresh_from_db()
    assert (survey.threshold_team, survey.title) == (5, "Before you start")
    assert staff.post(change("survey", survey.pk), data).status_code == 302


def test_pages_change_places_in_one_go(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    survey = survey_of(cohort_with_sessions(), "pre")
    parts = list(survey.parts.all())
    data = {
        "title": "x", "introduction": "", "threshold_team": "5", "threshold_outside": "8",
        "questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0", "parts-TOTAL_FORMS": "5",
        "parts-INITIAL_FORMS": "5",
    }  # fmt: skip
    for n, part in enumerate(parts):
        data |= {f"parts-{n}-id": part.pk, f"parts-{n}-survey": survey.pk, f"parts-{n}-instrument": part.instrument_id}
        data[f"parts-{n}-position"] = {0: 2, 1: 1}.get(n, part.position)
    twice = staff.post(change("survey", survey.pk), data | {"parts-0-position": 3})
    assert (twice.status_code, [part.position for part in survey.parts.all()]) == (200, [1, 2, 3, 4, 5])
    assert staff.post(change("survey", survey.pk), data).status_code == 302
    assert [part.pk for part in survey.parts.all()] == [parts[n].pk for n in (1, 0, 2, 3, 4)]


def test_quotes_are_approved_and_withdrawn_by_actions_and_never_rewritten(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    quote = offer_testimonial(enrolment=enrolment, quote="It helped.", attribution=signatures(enrolment)[1])
    listing = reverse("admin:surveys_testimonial_changelist")
    for action, state in (("approve", "published"), ("withdraw", "withdrawn"), ("approve", "withdrawn")):
        act(staff, listing, action, [quote])
        quote.refresh_from_db()
        assert quote.state == state
    assert quote.expires_on is not None
    verbs = AuditEvent.objects.filter(object_id=quote.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["testimonial.offered", "testimonial.approved", "testimonial.withdrawn"]
    assert 'name="quote"' not in staff.get(change("testimonial", quote.pk)).content.decode()


def test_a_second_offer_takes_the_place_of_one_that_waits(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    for text in ("First words.", "Better words."):
        offer_testimonial(enrolment=enrolment, quote=text, attribution=signatures(enrolment)[0])
    assert Testimonial.objects.get().quote == "Better words."


def test_snapshots_can_be_read_and_nothing_else(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(AFTER)
    cohort = cohort_with_sessions()
    employer = seated(cohort).organisation
    close_cohort(cohort=cohort, by=None)
    outside = Snapshot.objects.get(kind="outside")
    assert str(employer.pk) in outside.figures["organisations"]
    page = change("snapshot", outside.pk)
    # What is of one organisation is for its coordinators alone.
    html = staff.get(page).content.decode()
    assert "no comparison group" in html
    assert str(employer.pk) not in html
    assert staff.post(page, {}).status_code == 403
    assert staff.get(reverse("admin:surveys_snapshot_add")).status_code == 403
    assert staff.get(reverse("admin:surveys_snapshot_changelist")).status_code == 200


def test_a_survey_is_looked_at_as_on_a_phone_and_nothing_is_kept(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    for wave, words in (("pre", "Strongly disagree"), ("check_in", "How useful was this session to you?")):
        survey = survey_of(cohort, wave)
        page = reverse("admin:survey_preview", args=[survey.pk, 1])
        assert page in staff.get(change("survey", survey.pk)).content.decode()
        assert words in staff.get(page).content.decode()
        assert staff.post(page, {"item-1": "2"}).status_code == 302
    assert not Response.objects.exists()
    assert staff.get(reverse("admin:survey_preview", args=[survey.pk, 9])).status_code == 404


def test_what_is_fixed_says_why_in_words(staff: Client, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    answer(seated(cohort), "pre", submit=False)
    html = staff.get(change("instrument", Instrument.objects.get(key="networking").pk)).content.decode()
    assert "wording and scoring stay as they are" in html
    survey = staff.get(change("survey", survey_of(cohort, "pre").pk)).content.decode()
    assert "nothing in it changes any more" in survey
    listing = reverse("admin:surveys_instrument_changelist")
    row = Instrument.objects.get(key="networking")
    staff.post(listing, {"action": "make_new_version", "_selected_action": [str(row.pk)]})
    assert Instrument.objects.get(key="networking", version=2).items.count() == 4
