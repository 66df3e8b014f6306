"""A cohort's form, what a new cohort is given, and its page."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.forms import CohortForm
from cohorts.models import KEY_DATES, Cohort, Format, StaffAssignment
from privacy.models import AuditEvent
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    FormatFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
    key_dates,
)

pytestmark = pytest.mark.django_db
INLINES = ["slots", "blocked_dates", "session_plans", "events", "reminder_rules"]


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(role="lead"))
    return client


def posted(circle_format: Format, **changes: Any) -> dict[str, Any]:
    """A whole cohort as its form sends it."""
    data = {name: day.isoformat() for name, day in key_dates(dt.date(2026, 10, 21)).items()}
    data |= {"format": circle_format.pk, "number": 15, "name": "Cohort 15", "session_count": 6}
    data |= {"certificate_sessions": 4, "circle_minimum": 6, "circle_target": 9, "places": "Leeds\nLondon"}
    data |= {"bank_holidays": "ENG"}
    for prefix in INLINES:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | changes


def test_staff_block_dates_on_the_cohorts_page(lead: Client) -> None:
    blocked = {f"blocked_dates-0-{name}": "2026-12-08" for name in ("first_day", "last_day")}
    blocked |= {"blocked_dates-TOTAL_FORMS": 1, "blocked_dates-0-label": "Company shutdown"}
    lead.post("/admin/cohorts/cohort/add/", posted(FormatFactory(), **blocked, bank_holidays="SCT"))
    cohort = Cohort.objects.get()
    assert cohort.bank_holidays == "SCT"
    assert [str(dates) for dates in cohort.blocked_dates.all()] == ["Company shutdown"]


def test_blocked_dates_that_end_before_they_begin_are_refused_in_words(lead: Client) -> None:
    blocked = {"blocked_dates-0-first_day": "2026-12-08", "blocked_dates-0-last_day": "2026-12-07"}
    blocked |= {"blocked_dates-TOTAL_FORMS": 1, "blocked_dates-0-label": "Company shutdown"}
    response = lead.post("/admin/cohorts/cohort/add/", posted(FormatFactory(), **blocked))
    assert "The last day can’t be before the first day." in response.content.decode()
    assert not Cohort.objects.exists()


class TestForm:
    def test_the_slip_of_a_close_before_its_launch_is_refused_beside_the_field(self, lead: Client) -> None:
        """October 2026 launch, March 2026 close: it was 2027 that was meant."""
        slip = posted(FormatFactory(), close_from="2026-03-18", close_until="2026-03-24")
        response = lead.post("/admin/cohorts/cohort/add/", slip)
        errors = response.context["adminform"].form.errors
        assert errors == {
            "close_from": [
                "Close and closing ceremony can’t begin before Monthly sessions (28 October 2026). Check the year."
            ]
        }
        assert "Check the year." in response.content.decode()
        assert not Cohort.objects.exists()

    @pytest.mark.parametrize("later", [key for key, _ in KEY_DATES[1:]])
    def test_each_date_begins_on_or_after_the_one_before(self, later: str) -> None:
        form = CohortForm(posted(FormatFactory(), **{f"{later}_from": "2020-01-01"}))
        assert f"{later}_from" in form.errors

    @pytest.mark.parametrize("key", [key for key, _ in KEY_DATES])
    def test_each_range_ends_on_or_after_its_first_day(self, key: str) -> None:
        form = CohortForm(posted(FormatFactory(), **{f"{key}_until": "2020-01-01"}))
        assert f"{key}_until" in form.errors

    def test_neighbours_may_overlap(self) -> None:
        dates = key_dates(dt.date(2026, 10, 21))
        overlap = (dates["onboarding_from"] + dt.timedelta(days=7)).isoformat()
        assert CohortForm(posted(FormatFactory(), recruitment_until=overlap)).is_valid()

    def test_cities_are_typed_one_on_a_line(self) -> None:
        form = CohortForm(posted(FormatFactory(), places=" Leeds \n\nLondon\nLeeds"))
        assert form.is_valid()
        assert form.cleaned_data["places"] == ["Leeds", "London"]

    def test_a_pair_aims_for_no_more_members_than_it_seats(self) -> None:
        pair = FormatFactory(key="reverse", name="Reverse", capacity=1, minimum=1, target=1)
        form = CohortForm(posted(pair))
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["circle_minimum"], form.cleaned_data["circle_target"]) == (1, 1)

    def test_the_dates_stand_in_their_order(self, lead: Client) -> None:
        page = lead.get("/admin/cohorts/cohort/add/").content.decode()
        places = [page.index(f'name="{key}_{end}"') for key, _ in KEY_DATES for end in ("from", "until")]
        assert places == sorted(places)


class TestNewCohort:
    def test_gets_reminders_ceremonies_and_surveys(self, lead: Client) -> None:
        call_command("set_up", verbosity=0)
        response = lead.post("/admin/cohorts/cohort/add/", posted(Format.objects.get(key="circles")))
        assert response.status_code == 302, response.context["errors"]
        cohort = Cohort.objects.get()
        assert cohort.reminder_rules.exists()
        assert set(cohort.events.values_list("kind", flat=True)) == {"opening", "closing"}
        assert set(cohort.surveys.values_list("wave", flat=True)) == {"pre", "check_in", "then", "post"}
        assert set(AuditEvent.objects.filter(object_id=cohort.pk).values_list("verb", flat=True)) >= {
            "cohort.added",
            "cohort.prepared",
        }

    def test_keeps_what_was_typed_beside_it(self, lead: Client) -> None:
        call_command("set_up", verbosity=0)
        rule = {"reminder_rules-TOTAL_FORMS": 1, "reminder_rules-0-kind": "session_reply", "reminder_rules-0-days": 3}
        slot = {"slots-TOTAL_FORMS": 1, "slots-0-weekday": 1, "slots-0-start": "12:30", "slots-0-minutes": 60}
        lead.post("/admin/cohorts/cohort/add/", posted(Format.objects.get(key="circles"), **rule, **slot))
        cohort = Cohort.objects.get()
        assert list(cohort.reminder_rules.values_list("days", flat=True)) == [3]
        assert [str(slot) for slot in cohort.slots.all()] == ["Tuesday 12:30pm"]

    def test_a_change_is_a_line_of_the_audit_trail_without_values(self, lead: Client) -> None:
        cohort = CohortFactory(number=15, name="Cohort 15")
        data = posted(cohort.format, name="Cohort fifteen", **key_dates(cohort.launch_from))
        response = lead.post(cohort.get_absolute_url(), data)
        assert response.status_code == 302, response.context["errors"]
        event = AuditEvent.objects.get(object_id=cohort.pk, verb="cohort.changed")
        assert "fifteen" not in str(event.data)
        assert event.data["fields"]

    def test_an_edited_ceremony_is_sent_to_calendars_afresh(self, lead: Client) -> None:
        call_command("set_up", verbosity=0)
        lead.post("/admin/cohorts/cohort/add/", posted(Format.objects.get(key="circles")))
        cohort = Cohort.objects.get()
        event = cohort.events.get(kind="opening")
        local = clock.local(event.starts_at)
        row = {"id": event.pk, "cohort": cohort.pk, "kind": "opening", "title": event.title, "minutes": 120}
        row |= {"starts_at_0": local.date().isoformat(), "starts_at_1": "15:00", "place": "Town hall"}
        changes = {f"events-0-{name}": value for name, value in row.items()}
        data = posted(cohort.format, **changes, **{"events-TOTAL_FORMS": 1, "events-INITIAL_FORMS": 1})
        response = lead.post(cohort.get_absolute_url(), data)
        assert response.status_code == 302, response.context["errors"]
        event.refresh_from_db()
        assert event.sequence == 1
        assert clock.local(event.starts_at).hour == 15


class TestRights:
    @pytest.mark.parametrize(
        ("role", "status"), [("lead", 200), ("manager", 200), ("read_only", 403), ("analyst", 403)]
    )
    def test_who_may_plan_one(self, client: Client, role: str, status: int) -> None:
        client.force_login(StaffFactory(role=role))
        assert client.get("/admin/cohorts/cohort/add/").status_code == status

    def test_a_manager_of_one_cohort_plans_no_other(self, client: Client) -> None:
        person = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=person, role="manager", cohort=CohortFactory())
        client.force_login(person)
        assert client.get("/admin/cohorts/cohort/add/").status_code == 403

    def test_read_only_looks_and_cannot_change(self, client: Client) -> None:
        cohort = CohortFactory(number=15)
        client.force_login(StaffFactory(role="read_only"))
        page = client.get(cohort.get_absolute_url())
        assert page.status_code == 200
        assert "_save" not in page.content.decode()
        assert client.post(cohort.get_absolute_url(), posted(cohort.format)).status_code == 403

    def test_another_teams_cohort_does_not_exist(self, client: Client) -> None:
        mine, other = CohortFactory(), CohortFactory()
        person = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=person, role="manager", cohort=mine)
        client.force_login(person)
        assert client.get(reverse("admin:cohort_page", args=[mine.pk])).status_code == 200
        assert client.get(reverse("admin:cohort_page", args=[other.pk])).status_code == 404
        assert client.get("/admin/cohorts/cohort/").context["cl"].result_count == 1


class TestPage:
    def test_counts_every_stage(self, lead: Client) -> None:
        cohort = CohortFactory(launch=clock.today() - dt.timedelta(days=80), published_at=clock.now())
        organisation = OrganisationFactory()
        InterestFactory(cohort=cohort, organisation=organisation)
        InterestFactory(cohort=cohort, organisation=organisation)
        NominationFactory(participation=ParticipationFactory(cohort=cohort))
        MembershipFactory(circle__cohort=cohort)
        EnrolmentFactory(cohort=cohort, state="completed")
        stages = lead.get(reverse("admin:cohort_page", args=[cohort.pk])).context["stages"]
        assert {stage.label: stage.count for stage in stages} == {
            "interested": 1, "confirmed": 1, "nominated": 1, "enrolled": 2, "placed": 1, "attending": 0, "completed": 1,
        }  # fmt: skip

    def test_each_figure_links_to_its_list(self, lead: Client) -> None:
        cohort = CohortFactory()
        NominationFactory(participation=ParticipationFactory(cohort=cohort))
        NominationFactory()
        for stage in lead.get(reverse("admin:cohort_page", args=[cohort.pk])).context["stages"]:
            listed = lead.get(stage.url)
            assert listed.status_code == 200, stage
            assert listed.context["cl"].result_count == stage.count, stage

    def test_says_what_stands_in_the_way(self, lead: Client) -> None:
        cohort = CohortFactory(launch=clock.today() + dt.timedelta(days=20))
        page = lead.get(reverse("admin:cohort_page", args=[cohort.pk])).content.decode()
        assert "Recruitment is over and circles are not published" in page
        assert "Today is" in page

    def test_names_the_work_of_its_stage(self, lead: Client) -> None:
        def work(**fields: Any) -> list[str]:
            page = lead.get(reverse("admin:cohort_page", args=[CohortFactory(**fields).pk]))
            words = [words for words, _ in page.context["work"]]
            return words[: words.index("Reminders: who gets what, and why")]

        now = clock.now()
        always = ["Who is ready for the first session", "Write to people", "Impact", "What will be tested"]
        assert work() == ["Form circles", *always, "Close the cohort"]
        change = "Change circles: who leaves, joins or moves"
        assert work(published_at=now) == ["See the circles", change, *always, "Close the cohort"]
        assert work(published_at=now, closed_at=now) == ["See the circles", *always]

    def test_an_analyst_sees_no_counts_of_people(self, client: Client) -> None:
        client.force_login(StaffFactory(role="analyst"))
        page = client.get(reverse("admin:cohort_page", args=[CohortFactory().pk]))
        assert page.context["stages"] == []
        assert [words for words, _ in page.context["work"]] == ["Impact", "What will be tested"]

    def test_costs_the_same_with_one_and_three_people(self, lead: Client, count_queries: Any) -> None:
        cohort = CohortFactory(launch=clock.today() - dt.timedelta(days=80), published_at=clock.now())
        url = reverse("admin:cohort_page", args=[cohort.pk])
        EnrolmentFactory(cohort=cohort)
        once = count_queries(lambda: lead.get(url))
        EnrolmentFactory.create_batch(2, cohort=cohort)
        assert count_queries(lambda: lead.get(url)) == once
