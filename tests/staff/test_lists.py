"""What every list of the admin has beside its rows: saved views, files out and in, acts on several rows."""

import csv
import datetime as dt
import io
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import clock
from accounts.models import User
from content.models import Resource
from organisations.models import Interest, Organisation
from outbox.models import Message
from participants import emails
from privacy.models import AuditEvent
from staff.lists import explained, export, tools
from staff.models import OpeningView, SavedView
from tests.factories import (
    CohortFactory,
    InterestFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
)
from tests.staff.acting import act, choose

pytestmark = pytest.mark.django_db

NOMINATIONS = reverse("admin:participants_nomination_changelist")
QUEUE = reverse("admin:organisations_interest_changelist")
PEOPLE = {
    "participants.nomination",
    "participants.enrolment",
    "circles.attendance",
    "circles.certificate",
    "accounts.user",
}
AS_CSV = {"kind": "csv", "purpose": "cohort"}
LISTS = sorted(model._meta.label_lower for model in admin.site._registry)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def lead() -> User:
    return StaffFactory()


@pytest.fixture
def staff(lead: User) -> Client:
    return signed_in(lead)


# --- every list -----------------------------------------------------------------------------------


def personal_fields(label: str) -> dict[str, str]:
    inventory = tomllib.loads(Path(settings.BASE_DIR, "privacy", "inventory.toml").read_text("utf-8"))
    entry = next(entry for key, entry in inventory.items() if key.lower() == label)
    return {name: said["category"] for name, said in entry.get("personal", {}).items()}


def secret_fields(label: str) -> set[str]:
    kinds = personal_fields(label)
    return {name for name, kind in kinds.items() if kind in {"confidential", "special", "sign-in"}}


@pytest.mark.parametrize("label", LISTS)
def test_every_list_can_be_searched_narrowed_saved_and_taken_out(staff: Client, label: str) -> None:
    model_admin = next(one for model, one in admin.site._registry.items() if model._meta.label_lower == label)
    url = tools.list_url(model_admin)
    assert staff.get(url, {"q": "ada person"} if model_admin.search_fields else {}).status_code == 200
    if label in PEOPLE:
        searched = " ".join(model_admin.search_fields)
        assert all(word in searched for word in ("name", "email")), "People are found by name and by address."
    if label in export.NEVER:
        assert staff.get(reverse("admin:export_list", args=[label])).status_code == 404
        return
    headings = [column.heading for column in export.columns(model_admin, model_admin.list_display)]
    assert len(headings) == len(set(headings)) > 0
    fields = {*map(str, model_admin.list_display), *export.ALSO.get(label, [])}
    assert not fields & (secret_fields(label) - {"is_active", "last_login", "quote"})
    # A list with people in it is taken away by whoever says what for; a list of nobody by anybody who sees it.
    taking = reverse("admin:export_list", args=[label])
    assert staff.post(taking, {"kind": "csv"}).has_header("Content-Disposition") == (label in export.NOBODY)
    assert label not in export.NOBODY or not personal_fields(label)
    assert staff.post(taking, AS_CSV).has_header("Content-Disposition")
    said = AuditEvent.objects.filter(verb="list.exported").latest("at").data
    assert (said["list"], said.get("purpose")) == (label, None if label in export.NOBODY else "cohort")


def test_a_name_is_found_with_and_without_its_accents(staff: Client) -> None:
    NominationFactory(first_name="Zoë", last_name="Åkesson")
    found = [staff.get(NOMINATIONS, {"q": words}).context["cl"].result_count for words in ("Zoë", "zoe akesson", "Zoé")]
    assert found == [1, 1, 1]


def test_no_word_is_kept_for_a_list_that_there_is_not() -> None:
    assert set(explained.WORDS) | set(export.ALSO) | export.NEVER <= set(LISTS)


# --- saved views ----------------------------------------------------------------------------------


def test_a_view_is_saved_shared_opened_with_changed_and_deleted(staff: Client, lead: User) -> None:
    InterestFactory(state="closed")
    save = reverse("admin:save_view", args=["organisations.interest"]) + "?state__exact=new&p=2&q="
    assert "State" in staff.get(save).content.decode()
    staff.post(save, {"name": " Not   answered ", "shared": "on", "opens": "on"})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Not answered", "state__exact=new", True)
    assert "already" in staff.post(save, {"name": "not answered"}).content.decode()

    assert staff.get(QUEUE).url == f"{QUEUE}?state__exact=new"
    everything = staff.get(QUEUE, headers={"referer": f"http://testserver{QUEUE}?state__exact=new"})
    assert everything.context["cl"].result_count == 1

    colleague = signed_in(StaffFactory(role="relationship_manager"))
    assert [link.name for link in colleague.get(QUEUE).context["view_links"]] == ["All", "Not answered"]
    assert colleague.get(reverse("admin:delete_saved_view", args=[view.pk])).status_code == 403
    page = reverse("admin:saved_view", args=[view.pk])
    colleague.post(page, {"name": "Mine now", "opens": "on"})
    view.refresh_from_db()
    assert (view.name, OpeningView.objects.count()) == ("Not answered", 2)

    staff.post(page, {"name": "New ones"})
    assert colleague.get(page).status_code == 404
    assert OpeningView.objects.count() == 0
    delete = reverse("admin:delete_saved_view", args=[view.pk])
    assert "New ones" in staff.get(delete).content.decode()
    assert SavedView.objects.count() == 1
    staff.post(delete)
    assert not SavedView.objects.exists()
    verbs = AuditEvent.objects.filter(actor=lead).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["saved_view.added", "saved_view.changed", "saved_view.deleted"]


# --- out ------------------------------------------------------------------------------------------


def test_a_file_holds_what_the_list_shows_safely_and_the_trail_no_names(staff: Client, lead: User) -> None:
    InterestFactory(contact_name='=HYPERLINK("x")', organisation__name="@sum", contact_email="kim@mill.example")
    InterestFactory(state="closed", contact_name="Robin Closed")
    url = reverse("admin:export_list", args=["organisations.interest"]) + "?state__exact=new&q=mill.example"
    page = staff.get(url).content.decode()
    assert "1 row" in page
    assert "“mill.example”" in page
    response = staff.post(url, AS_CSV)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    said = dict(zip(*rows, strict=True))
    assert (said["Organisation"], said["Contact name"]) == ("'@sum", '\'=HYPERLINK("x")')
    assert said["State"] == "New"
    event = AuditEvent.objects.get(verb="list.exported")
    assert len(event.data.pop("request")) == 36
    assert event.data == {
        "list": "organisations.interest", "file": "csv", "rows": 1, "filters": ["State", "Search"], "purpose": "cohort",
    }  # fmt: skip
    book = load_workbook(io.BytesIO(staff.post(url, {"kind": "xlsx", "purpose": "cohort"}).content))
    assert book.active["A2"].value == "'@sum"
    assert book.active["A2"].data_type == "s"


def test_a_file_of_nominations_says_who_was_asked_in_as_many_queries_for_one_as_for_five(staff: Client) -> None:
    url, counts = reverse("admin:export_list", args=["participants.nomination"]), []
    for people in (1, 4):
        for _ in range(people):
            emails.invite(NominationFactory())
        with CaptureQueriesContext(connection) as captured:
            response = staff.post(url, AS_CSV)
        counts.append(len(captured))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["How they came"] for row in rows] == ["Nominated"] * 5
    assert all(row["Asked"] not in {"", "Not yet"} for row in rows)
    assert abs(counts[1] - counts[0]) < 3  # the calendar of working days is read once in a while


def test_nobody_takes_out_more_than_they_see() -> None:
    InterestFactory(routing="inclusion_adviser", contact_name="Somebody Else")
    url = reverse("admin:export_list", args=["organisations.interest"])
    assert b"Somebody" not in signed_in(StaffFactory(role="relationship_manager")).post(url, AS_CSV).content
    assert signed_in(StaffFactory(role="analyst")).post(url, AS_CSV).status_code == 403


# --- in -------------------------------------------------------------------------------------------

TAKE_IN = reverse("admin:import_list", args=["organisations.organisation"])


def upload(client: Client, url: str, text: str) -> str:
    """The address of the page that shows each row."""
    response = client.post(url, {"file": SimpleUploadedFile("list.csv", text.encode())})
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def test_a_file_of_organisations_is_looked_at_then_stored_and_nothing_is_sent(staff: Client, lead: User) -> None:
    known = OrganisationFactory(name="Ashdown Rail", sector="energy", places_of_work="York")
    page = upload(
        staff, TAKE_IN,
        "Name,Sector,Member,Places of work,Adviser,Colour\n"
        f"ashdown rail,Transport and logistics,yes,,{lead.email},red\n"
        "Birch Energy,energy,no,Leeds,,\n",
    )  # fmt: skip
    shown = staff.get(page)
    assert shown.context["counts"] == {"new": 1, "update": 1, "skip": 0, "error": 0}
    assert "“Colour”" in shown.content.decode()
    assert Organisation.objects.count() == 1

    staff.post(page)
    known.refresh_from_db()
    assert (known.name, known.sector, known.is_member, known.places_of_work) == (
        "Ashdown Rail", "transport", True, "York",
    )  # fmt: skip
    assert known.adviser == lead
    assert Organisation.objects.get(name="Birch Energy").sort_name == "birch energy"
    assert not Message.objects.exists()
    assert staff.get(page).url == TAKE_IN  # it is not kept
    verbs = set(AuditEvent.objects.filter(actor=lead).values_list("verb", flat=True))
    assert verbs == {"organisation.changed", "organisation.added", "list.imported"}

    again = staff.post(reverse("admin:export_list", args=["organisations.organisation"]), AS_CSV)
    page = upload(staff, TAKE_IN, again.content.decode("utf-8-sig"))
    assert staff.get(page).context["counts"] == {"new": 0, "update": 0, "skip": 2, "error": 0}


def test_what_is_wrong_is_said_by_row_and_column_and_stops_the_whole_file(staff: Client) -> None:
    page = upload(staff, TAKE_IN, "Name,Sector,Member\nOak Ltd,farming,maybe\n,energy,yes\nElm,,\nelm,,yes\n")
    planned = staff.get(page).context["planned"]
    assert [(row.number, [heading for heading, _ in row.errors]) for row in planned] == [
        (2, ["Sector", "Member"]), (3, ["Name"]), (4, []), (5, ["Name"]),
    ]  # fmt: skip
    staff.post(page)
    assert not Organisation.objects.exists()
    form = staff.post(TAKE_IN, {"file": SimpleUploadedFile("list.csv", b"Colour\nred\n")}).context["form"]
    assert "There is no column “Name”" in form.errors["file"][0]


def test_resources_are_taken_in_as_well(staff: Client) -> None:
    Resource.objects.create(title="Asking well", summary="How to ask.", body="Ask.")
    text = 'Title,Summary,Text,Role,Position\nAsking well,,,Mentee,3\nListening,How,"One\n\n- two",,\nSpeaking,,,,x\n'
    take_in = reverse("admin:import_list", args=["content.resource"])
    page = upload(staff, take_in, text)
    errors = {heading for heading, _ in staff.get(page).context["planned"][2].errors}
    assert errors == {"Summary", "Text", "Position"}
    staff.post(upload(staff, take_in, text.replace("Speaking,,,,x\n", "")))
    assert Resource.objects.get(title="Asking well").role == "mentee"
    assert Resource.objects.get(title="Listening").body == "One\n\n- two"


# --- acts on several rows -------------------------------------------------------------------------


def test_reminding_says_who_is_written_to_and_who_is_not(staff: Client) -> None:
    over = ParticipationFactory(cohort=CohortFactory(launch=clock.today() + dt.timedelta(days=10)))
    chosen = [NominationFactory(), NominationFactory(state="accepted"), NominationFactory(participation=over)]
    page = choose(staff, NOMINATIONS, "remind", chosen)
    assert page.context["title"] == "Remind 1 nominee to answer?"
    reasons = {why for _, why in page.context["others"]}
    assert reasons == {"Accepted: there is no invitation to answer.", "The last day to answer has passed."}
    assert not Message.objects.exists()

    act(staff, NOMINATIONS, "remind", chosen)
    assert Message.objects.get(kind="participants.nomination_reminder").address == chosen[0].email
    rested = choose(staff, NOMINATIONS, "remind", chosen[:1])
    assert (rested.context["title"], rested.context["affected"]) == ("Nothing to do", [])
    assert "can be reminded from" in rested.context["others"][0][1]


def test_what_changed_since_the_page_was_shown_is_shown_again(staff: Client) -> None:
    rows = InterestFactory.create_batch(2)
    page = choose(staff, QUEUE, "close", rows)
    Interest.objects.filter(pk=rows[0].pk).update(state="confirmed")
    again = choose(staff, QUEUE, "close", rows, sure=page.context["fingerprint"])
    assert again.context["changed"]
    assert Interest.objects.get(pk=rows[1].pk).state == "new"


def test_withdrawing_and_a_new_owner(staff: Client) -> None:
    nomination = NominationFactory()
    reserve = NominationFactory(participation=nomination.participation, state="reserve", reserve_position=1)
    page = act(staff, NOMINATIONS, "withdraw", [nomination])
    assert page.status_code == 302
    nomination.refresh_from_db()
    reserve.refresh_from_db()
    assert (nomination.state, reserve.state) == ("withdrawn", "invited")

    adviser, interest = StaffFactory(role="relationship_manager"), InterestFactory()
    act(staff, QUEUE, "assign", [interest], to=str(adviser.pk))
    interest.refresh_from_db()
    assert interest.assigned_to == adviser
    organisations = reverse("admin:organisations_organisation_changelist")
    act(staff, organisations, "change_adviser", [interest.organisation], to=str(adviser.pk))
    interest.organisation.refresh_from_db()
    assert interest.organisation.adviser == adviser
