"""What a coordinator sees and does."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from outbox.models import Message
from participants.emails import invite
from participants.models import Nomination
from participants.services import accept_nomination, decline_nomination, nominate
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    FormatFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation(client):
    participation = ParticipationFactory(places={"mentee": 2, "mentor": 1})
    client.force_login(CoordinatorFactory(organisation=participation.organisation).user)
    return participation


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def put(participation, number, role="mentee", **values):
    values = {"first_name": "Nia", "last_name": f"Person{number}", "reason": ""} | values
    return nominate(
        participation=participation, role=role, email=f"p{number}@employer.example", by=None, **values
    )  # fmt: skip


FORM = {"first_name": "Nia", "last_name": "Okoro", "email": "Nia@Employer.example", "role": "mentee", "reason": "Keen"}


def test_the_page_shows_places_people_and_deadlines(client, participation):
    accept_nomination(nomination=put(participation, 1))
    put(participation, 2)
    put(participation, 3, last_name="Reserve")

    page = client.get(url("organisation", participation.pk)).content.decode()

    for words in ["2</strong> of 2", "Accepted, enrolling", "Invited, not yet answered", "Reserve list", "Key dates"]:
        assert words in page


def test_the_page_never_says_why(client, participation):
    nomination = put(participation, 1)
    decline_nomination(nomination=nomination, reason="support")
    enrolment = EnrolmentFactory(
        cohort=participation.cohort, access_needs="Captions", organisation=participation.organisation
    )
    enrolment.nomination = put(participation, 2)
    enrolment.save()

    page = client.get(url("organisation", participation.pk)).content.decode()

    assert "Will not take part" in page
    assert "support" not in page
    assert "Captions" not in page


def test_nominating_one_by_one(client, participation):
    answer = client.post(url("nominate", participation.pk), FORM, follow=True)

    nomination = Nomination.objects.get()
    assert (nomination.email, nomination.state, nomination.place.role) == ("nia@employer.example", "invited", "mentee")
    assert "Nia Okoro has been invited" in answer.content.decode()


def test_a_nomination_form_never_asks_for_ethnicity(client, participation):
    page = client.get(url("nominate", participation.pk))

    assert list(page.context["form"].fields) == ["first_name", "last_name", "email", "role", "reason"]
    assert "Do not include anybody’s ethnicity" in page.content.decode()


def test_sensitive_words_are_asked_about_once(client, participation):
    form = FORM | {"reason": "One of few Black managers here"}
    page = client.post(url("nominate", participation.pk), form).content.decode()
    assert "The reason mentions “black”" in page
    assert not Nomination.objects.exists()

    client.post(url("nominate", participation.pk), form | {"reason_checked": "on"})
    assert Nomination.objects.count() == 1


def test_an_empty_nomination_says_what_is_missing(client, participation):
    page = client.post(url("nominate", participation.pk), {"reason": "Keen"}).content.decode()

    for words in [
        "Enter a first name.",
        "Enter a last name.",
        "Enter a work e-mail address.",
        "Choose a role.",
        "Keen",
    ]:
        assert words in page


def test_the_same_person_twice_is_explained(client, participation):
    client.post(url("nominate", participation.pk), FORM)
    page = client.post(url("nominate", participation.pk), FORM | {"email": "NIA@employer.example "})

    assert "has already been put forward here" in page.content.decode()
    assert Nomination.objects.count() == 1


def test_beyond_the_places_people_go_on_the_reserve_list_and_move_up(client, participation):
    people = [put(participation, n) for n in range(4)]
    client.post(url("move_nomination", people[3].pk), {"direction": "first"})

    page = client.get(url("withdraw_nomination", people[0].pk)).content.decode()
    assert "Nia Person3, the next on your reserve list, is invited at once" in page
    client.post(url("withdraw_nomination", people[0].pk))

    assert [Nomination.objects.get(pk=p.pk).state for p in people] == ["withdrawn", "invited", "reserve", "invited"]


def test_an_accepted_person_cannot_be_withdrawn_here(client, participation):
    nomination = put(participation, 1)
    accept_nomination(nomination=nomination)

    client.post(url("withdraw_nomination", nomination.pk))

    nomination.refresh_from_db()
    assert nomination.state == "accepted"


# --- somebody else's ---------------------------------------------------------------------------


def test_other_peoples_participations_are_not_there(client, participation):
    nomination = put(participation, 1)
    ended = CoordinatorFactory(organisation=participation.organisation, ended_at="2020-01-01T00:00Z").user
    for user in [CoordinatorFactory().user, UserFactory(), StaffFactory(), ended]:
        client.force_login(user)
        for name in ["organisation", "nominate", "import_nominations", "renew_application_link"]:
            assert client.get(url(name, participation.pk)).status_code == 404, (user, name)
        for name in ["withdraw_nomination", "move_nomination", "confirm_application", "send_nomination_again"]:
            assert client.post(url(name, nomination.pk), {"direction": "up"}).status_code == 404, (user, name)
    nomination.refresh_from_db()
    assert nomination.state == "invited"


def test_the_page_takes_the_same_queries_with_one_person_and_with_three(client, count_queries):
    counts = []
    for people in (1, 3):
        participation = ParticipationFactory()
        client.force_login(CoordinatorFactory(organisation=participation.organisation).user)
        for _ in range(people):
            nomination = NominationFactory(participation=participation)
            accept_nomination(nomination=nomination)
        client.get(url("organisation", participation.pk))
        counts.append(count_queries(lambda pk=participation.pk: client.get(url("organisation", pk))))
    assert counts == [8, 8]


# --- formats that are applied for --------------------------------------------------------------


@pytest.fixture
def applying(client):
    kind = FormatFactory(key="reverse", joining="application", capacity=1, minimum=1, target=1)
    cohort = CohortFactory(format=kind, circle_minimum=1, circle_target=1)
    participation = ParticipationFactory(cohort=cohort, places={"mentor": 1, "mentee": 1})
    client.force_login(CoordinatorFactory(organisation=participation.organisation).user)
    return participation


def test_an_applied_for_cohort_has_a_link_instead_of_nominations(client, applying):
    page = client.get(url("organisation", applying.pk)).content.decode()

    assert "Pass this link round" in page
    assert "/apply/" in page
    assert client.get(url("nominate", applying.pk)).status_code == 404
    assert client.get(url("import_nominations", applying.pk)).status_code == 404


def test_confirming_and_refusing_who_applied(client, applying):
    values = {
        "participation": applying,
        "cohort": applying.cohort,
        "state": "applied",
        "origin": "applied",
        "role": "mentor",
    }
    yes, no, late = (NominationFactory(place=None, **values) for _ in range(3))

    client.post(url("confirm_application", yes.pk))
    client.post(url("confirm_application", late.pk))
    client.post(url("withdraw_nomination", no.pk))

    states = [Nomination.objects.get(pk=n.pk).state for n in (yes, no, late)]
    assert states == ["invited", "withdrawn", "reserve"]


def test_who_came_forward_by_link_is_corrected_by_the_team(client, applying):
    """The button that the words for other formats name is not on this page."""
    nomination = NominationFactory(participation=applying, role="mentor", origin="applied")
    invite(nomination)
    Message.objects.update(state="failed", reason="No such mailbox")

    page = client.get(url("organisation", applying.pk)).content.decode()

    assert "if it is wrong, ask the programme team, who can correct it." in page
    assert "Correct or replace" not in page


def test_the_link_is_renewed_only_by_pressing_the_button(client, applying):
    client.get(url("renew_application_link", applying.pk))
    applying.refresh_from_db()
    assert applying.application_version == 1

    client.post(url("renew_application_link", applying.pk))
    applying.refresh_from_db()
    assert applying.application_version == 2


# --- a list from a file ------------------------------------------------------------------------


def send(client, participation, text, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(url("import_nominations", participation.pk), {"file": file}, follow=True)


LIST = """First name,Surname,E-mail,Role,Reason
Nia,Okoro,NIA@employer.example,Mentee,Keen
Ken,Adeyemi,ken@employer.example,mentee,
Ola,Bello,ola@employer.example,Mentees,
"""


def test_the_preview_says_what_would_happen_and_does_nothing(client, participation):
    page = send(client, participation, LIST)

    assert page.content.decode().count("Will be invited") == 2
    assert "Goes on the reserve list" in page.content.decode()
    assert not Nomination.objects.exists()


def test_confirming_imports_the_whole_list_once(client, participation):
    preview = send(client, participation, LIST).redirect_chain[-1][0]
    client.post(preview)
    again = client.post(preview, follow=True)

    told = Nomination.objects.order_by("created_at").values_list("email", "state")
    assert list(told) == [
        ("nia@employer.example", "invited"), ("ken@employer.example", "invited"), ("ola@employer.example", "reserve"),
    ]  # fmt: skip
    assert "no longer kept" in again.content.decode()


def test_the_same_list_again_updates_instead_of_doubling(client, participation):
    client.post(send(client, participation, LIST).redirect_chain[-1][0])
    page = send(client, participation, LIST.replace("Okoro", "Okoro-Bell"))
    assert "Details will be updated" in page.content.decode()

    client.post(page.redirect_chain[-1][0])

    assert Nomination.objects.count() == 3
    assert Nomination.objects.get(email="nia@employer.example").last_name == "Okoro-Bell"


def test_errors_stand_beside_their_rows_and_nothing_can_be_imported(client, participation):
    page = send(client, participation, LIST + "Ada,,nowhere,Boss,=1+1\n")
    text = page.content.decode()

    for words in [
        "1 row needs correcting",
        "Last name is missing.",
        "is not an e-mail address",
        "“Boss” is not a role",
    ]:
        assert words in text
    client.post(page.redirect_chain[-1][0])
    assert not Nomination.objects.exists()


def test_a_sensitive_reason_asks_for_a_tick(client, participation):
    preview = send(client, participation, LIST.replace("Keen", "Has dyslexia")).redirect_chain[-1][0]
    assert "tick that you have checked them" in client.post(preview).content.decode()
    assert not Nomination.objects.exists()

    client.post(preview, {"reasons_checked": "on"})
    assert Nomination.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"Name\nNia\n", "There is no column"),
        (b"First name,Last name,Email\n", "no people below them"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_list_is_explained(client, participation, content, words):
    assert words in send(client, participation, content).content.decode()


def test_another_coordinators_upload_is_not_there(client, participation):
    preview = send(client, participation, LIST).redirect_chain[-1][0]
    client.force_login(CoordinatorFactory(organisation=participation.organisation).user)

    assert "no longer kept" in client.post(preview, follow=True).content.decode()
    assert not Nomination.objects.exists()


def test_templates_can_be_downloaded(client, participation):
    headings = ["First name", "Last name", "Work e-mail", "Role", "Reason"]
    csv = client.get(url("import_template", participation.pk, "csv"))
    xlsx = client.get(url("import_template", participation.pk, "xlsx"))

    assert csv.content.decode("utf-8-sig").strip().split(",") == headings
    sheet = load_workbook(io.BytesIO(xlsx.content)).active
    assert [cell.value for cell in sheet[1]] == headings
    assert client.get(url("import_template", participation.pk, "exe")).status_code == 404


def test_with_every_place_taken_the_page_says_so_and_who_waits(client, participation, settings):
    put(participation, 1)
    put(participation, 2)
    page = client.get(url("organisation", participation.pk)).content.decode()
    assert "Free: 1 mentor place. Put people forward" in page
    assert "All your places are taken" not in client.get(url("nominate", participation.pk)).content.decode()

    put(participation, 3, role="mentor")
    page = client.get(url("organisation", participation.pk)).content.decode()
    assert "Your places are full" in page
    assert "Nobody waits on your reserve list" in page
    assert "Put people forward" not in page
    assert f'href="mailto:{settings.MAIL_REPLY_TO}"' in page
    assert "All your places are taken" in client.get(url("nominate", participation.pk)).content.decode()

    waits = put(participation, 4)
    page = client.get(url("organisation", participation.pk)).content.decode()
    assert f"One person waits on your reserve list: {waits.full_name} (mentee)." in page
