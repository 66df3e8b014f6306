"""Cohorts from before this software: read, looked at, stored without telling anybody, and taken back as a whole."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Certificate
from cohorts.models import Cohort
from organisations.models import Organisation
from outbox.models import Message
from participants.models import Enrolment
from portal.home import home_of
from privacy import purposes
from privacy.models import AuditEvent
from staff import funnel
from staff.models import PastLoad
from surveys.models import Snapshot
from tests.factories import (
    CircleFactory,
    CoordinatorFactory,
    FormatFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:past_cohorts")
ROWS = """Organisation,First name,Last name,E-mail,Role,Sessions attended,Completed,Mentees,Mentors
ashdown rail ltd,Ada,Okoro,ADA@rail.example,Mentee,5,,,
Birch Energy,Ben,Osei,ben@birch.example,mentor,6,yes,,
Birch Energy,Cy,Adu,cy@birch.example,mentee,1,no,,
Cedar Housing,,,,,,,4,1
"""


@pytest.fixture
def lead() -> User:
    return StaffFactory()


@pytest.fixture
def staff(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def said(rows: str = ROWS, **values: str) -> dict:
    closed = clock.today() - dt.timedelta(days=300)
    launch = closed - dt.timedelta(days=200)
    usual = {
        "format": str(FormatFactory().pk), "name": "Cohort 9", "number": "9", "launch": launch.isoformat(),
        "closed": closed.isoformat(), "sessions": "6", "file": SimpleUploadedFile("past.csv", rows.encode()),
    }  # fmt: skip
    return usual | values


def test_it_is_looked_at_loaded_and_deleted_again_and_nobody_hears_of_it(
    staff: Client, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rail = OrganisationFactory(name="Ashdown Rail")
    ada = UserFactory(email="ada@rail.example", first_name="Adaeze")
    page = staff.post(PAGE, said()).url
    outlook = staff.get(page).context["outlook"]
    assert (outlook.organisations, outlook.new_organisations, outlook.people, outlook.new_people) == (3, 2, 3, 2)
    assert (outlook.mentees, outlook.mentors, outlook.errors) == (6, 2, 0)
    assert not Cohort.objects.exists()

    staff.post(page)
    cohort = Cohort.objects.get()
    assert cohort.phase == "closed"
    assert {part.organisation.name for part in cohort.participations.all()} == {
        "Ashdown Rail", "Birch Energy", "Cedar Housing",
    }  # fmt: skip
    hers = Enrolment.objects.get(user=ada)
    assert (hers.organisation, hers.state, hers.sessions_before, hers.agreed_at) == (rail, "completed", 5, None)
    assert Enrolment.objects.get(user__email="cy@birch.example").state == "withdrawn"
    assert Snapshot.objects.get().figures["mentees"] == 5  # who left is not counted
    assert not Message.objects.exists()
    assert not Certificate.objects.exists()
    stages = {stage.label: stage.count for stage in funnel.stages(cohort, lead)}
    assert (stages["attending"], stages["completed"]) == (2, 2)  # who left counts in neither
    assert home_of(ada).steps == []
    for name in ("cohort_page", "cohort_impact", "cohort_organisations"):
        assert staff.get(reverse(f"admin:{name}", args=[cohort.pk])).status_code == 200

    CoordinatorFactory(organisation=Organisation.objects.get(name="Birch Energy"))
    undo = reverse("admin:undo_past_cohort", args=[PastLoad.objects.get().pk])
    undone = staff.get(undo).context["undone"]
    assert (undone.enrolments, undone.people, undone.organisations, undone.organisations_stay) == (3, 2, 1, 1)
    monkeypatch.setattr(purposes, "MANY", 2)
    assert "Choose what it is for" in staff.post(undo).content.decode()
    assert Cohort.objects.exists()
    staff.post(undo, {"purpose": "other", "purpose_words": "The wrong file"})
    assert AuditEvent.objects.get(verb="people.acted_on").data["words"] == "The wrong file"
    assert not Cohort.objects.exists()
    assert not PastLoad.objects.exists()
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Ashdown Rail", "Birch Energy"}
    assert User.objects.filter(pk=ada.pk).exists()
    assert not User.objects.filter(email="ben@birch.example").exists()


def test_a_cohort_on_which_more_hangs_stays(staff: Client) -> None:
    staff.post(staff.post(PAGE, said(in_baseline="on")).url)
    load = PastLoad.objects.get()
    assert not Snapshot.objects.exists()  # counted in the baseline already
    assert set(Organisation.objects.values_list("in_baseline", flat=True)) == {True}
    CircleFactory(cohort=load.cohort)
    undo = reverse("admin:undo_past_cohort", args=[load.pk])
    assert "circles: 1" in staff.get(undo).content.decode()
    staff.post(undo)
    assert PastLoad.objects.exists()


def test_what_is_wrong_is_said_by_row_and_column(staff: Client) -> None:
    rows = (
        "Organisation,First name,Last name,E-mail,Role,Sessions attended,Mentees\n"
        "Oak,Ada,,ada@,boss,9,\nOak,Ben,Osei,ben@oak.example,mentee,,2\n,Cy,Adu,BEN@oak.example,mentee,,\nElm,,,,mentor,,x\n"
    )
    page = staff.post(PAGE, said(rows)).url
    found = [(row.number, [heading for heading, _ in row.errors]) for row, _ in staff.get(page).context["outlook"].rows]
    assert found == [
        (2, ["Last name", "E-mail", "Role", "Sessions attended"]),
        (3, ["Mentees"]),
        (4, ["Organisation", "E-mail"]),
        (5, ["Role", "Mentees"]),
    ]
    staff.post(page)
    assert not Cohort.objects.exists()
    assert not Organisation.objects.exists()
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    form = staff.post(PAGE, said(closed=tomorrow)).context["form"]
    assert form.errors["closed"] == ["Choose a day in the past: only a cohort that is over is loaded."]


def test_sessions_one_by_one_are_added_up_and_no_more_is_kept(staff: Client) -> None:
    head = "Organisation,First name,Last name,E-mail,Role,Sessions attended,Session 1,Session 2,Session 3,Session 7\n"
    person = "Oak,Ada,Okoro,ada@oak.example,mentee"
    page = staff.post(PAGE, said(f"{head}{person},3,yes,no,perhaps,yes\n")).url
    [(row, _)] = staff.get(page).context["outlook"].rows
    assert [heading for heading, _ in row.errors] == ["Session 3", "Session 7", "Sessions attended"]
    staff.post(staff.post(PAGE, said(f"{head}{person},,yes,,x,\n", number="8")).url)
    assert Enrolment.objects.get().sessions_before == 2
