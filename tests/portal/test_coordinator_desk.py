"""What a coordinator's other pages show: what is due, words and posters, evidence, who coordinates, renewal."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts import clock
from circles.models import Attendance
from content.admin import PageTextForm
from content.models import PageText
from organisations.links import coordinating_token
from organisations.models import CoordinatorInvitation, Interest
from organisations.services import offer_renewal
from outbox.models import Message, Suppression
from participants.models import Nomination
from participants.selectors import NOT_AT_THIS_ADDRESS
from participants.services import accept_nomination, nominate
from privacy.models import AuditEvent
from privacy.services import set_consent
from staff import attention
from surveys.models import IntruderTest, Snapshot
from tests.factories import (
    CircleFactory,
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    FormatFactory,
    MembershipFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(client):
    part = ParticipationFactory(places={"mentee": 2, "mentor": 1}, organisation__domain="employer.example")
    part.by = CoordinatorFactory(organisation=part.organisation).user
    client.force_login(part.by)
    return part


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def text_of(client, name, *args):
    return client.get(url(name, *args)).content.decode()


def put(part, number):
    return nominate(
        participation=part, role="mentee", first_name="Nia", last_name=f"Person{number}",
        email=f"p{number}@employer.example", reason="", by=part.by,
    )  # fmt: skip


def pdf_text(response):
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return len(reader.pages), "\n".join(page.extract_text() for page in reader.pages)


def test_what_is_due_stands_first_and_a_reminder_takes_one_click(client, part, move_clock):
    first = put(part, 1)
    assert "The next reminder is possible on" in text_of(client, "organisation", part.pk)
    move_clock(clock.now() + dt.timedelta(days=7))
    page = text_of(client, "organisation", part.pk)
    assert "One person has not answered" in page
    assert f"Until {part.cohort.recruitment_until:%A}" in page
    assert f'name="people" value="{first.pk}"' in page  # the button on the page itself sends it

    page = text_of(client, "remind_nominees", part.pk)
    assert "Nia Person1, mentee" in page
    answer = client.post(url("remind_nominees", part.pk), {"people": [str(first.pk)]}, follow=True)
    assert "We are writing to 1 person" in answer.content.decode()
    assert "Not before" in text_of(client, "remind_nominees", part.pk)


def test_with_nothing_due_the_page_says_so_and_what_comes_next(client, part, move_clock):
    move_clock(part.cohort.recruitment_until + dt.timedelta(days=1))
    page = text_of(client, "organisation", part.pk)
    assert "Nothing is due" in page
    assert "What comes next: Launch and opening ceremony" in page


def test_how_often_somebody_came_is_told_only_with_their_consent(client, move_clock):
    cohort = CohortFactory(launch=clock.today() - dt.timedelta(days=60), published_at=clock.now())
    part = ParticipationFactory(cohort=cohort)
    client.force_login(CoordinatorFactory(organisation=part.organisation).user)
    circle = CircleFactory(cohort=cohort)
    session = SessionFactory(circle=circle, number=1, starts_at=clock.now() - dt.timedelta(days=9))
    people = []
    for seat in (1, 2):
        nomination = Nomination.objects.create(
            participation=part, cohort=cohort, role="mentee", first_name="Ada", last_name=str(seat),
            email=f"a{seat}@employer.example", state="accepted", place=part.places.filter(role="mentee")[seat],
        )  # fmt: skip
        person = EnrolmentFactory(cohort=cohort, organisation=part.organisation, nomination=nomination)
        MembershipFactory(circle=circle, enrolment=person, seat=seat)
        Attendance.objects.create(session=session, enrolment=person, attended=True)
        people.append(person)
    circle.memberships.update(created_at=session.starts_at - dt.timedelta(days=2))
    set_consent(user=people[0].user, purpose="share_attendance", given=True, how="enrolment")
    assert text_of(client, "organisation", part.pk).count("Came to 1 of 1 sessions") == 1

    set_consent(user=people[0].user, purpose="share_attendance", given=False, how="account")
    assert "Came to" not in text_of(client, "organisation", part.pk)


@pytest.mark.parametrize(
    ("key", "joining", "roles"),
    [("circles", "nomination", ["mentee", "mentor"]), ("reverse", "application", ["mentee", "mentor"]),
     ("reciprocal", "self_application", ["partner"]), ("another", "application", ["mentee", "mentor"])],
)  # fmt: skip
def test_words_and_posters_have_the_facts_of_the_cohort(client, key, joining, roles):
    lead, member = roles[-1], roles[0]
    kind = FormatFactory(key=key, joining=joining, lead_role=lead, member_role=member)
    part = ParticipationFactory(cohort=CohortFactory(format=kind), places=dict.fromkeys(roles, 1))
    by = CoordinatorFactory(organisation=part.organisation).user
    client.force_login(by)
    day = clock.today() + dt.timedelta(days=3)
    page = client.get(url("recruiting_words", part.pk), {"by": day.isoformat()})
    shown = " ".join(one.text for one, _ in page.context["texts"]) + " ".join(p.text for p in page.context["posters"])

    assert f"{day.day} {day:%B %Y}" in shown
    assert "[" not in shown
    assert [one.role for one in page.context["posters"]] == roles
    assert (by.email if joining == "nomination" else "/apply/") in shown
    for role in roles:
        pages, words = pdf_text(client.get(url("recruiting_poster", part.pk, role), {"by": day.isoformat()}))
        assert pages == 1
        assert "How to take part" in words
        assert f"{day.day} {day:%B %Y}" in words


def test_a_closing_day_that_cannot_be_is_refused_and_the_usual_one_stands(client, part):
    late = part.cohort.recruitment_until + dt.timedelta(days=1)
    page = client.get(url("recruiting_words", part.pk), {"by": late.isoformat()}).content.decode()
    assert "Choose a day from today to" in page


def test_staff_change_the_words_but_not_into_facts_that_there_are_not(client, part):
    text = PageText.objects.create(
        key="recruit_circles_mentee", title="Come to [organisation]", body="By [closing_day]."
    )
    assert f"Come to {part.organisation}" in text_of(client, "recruiting_words", part.pk)
    form = PageTextForm({"title": "T", "body": "By [deadlin]."}, instance=text)
    assert not form.is_valid()
    assert "[deadlin]" in str(form.errors)


def test_evidence_shows_places_first_and_later_only_what_was_released(client, part):
    accept_nomination(nomination=put(part, 1))
    page = text_of(client, "organisation_evidence", part.pk)
    assert "Figures come when the cohort is closed" in page
    figures = {
        "cut_off": clock.now().isoformat(timespec="seconds"), "threshold": 8, "caveat": "No comparison group.",
        "flow": [{"label": "Enrolled", "n": 40, "percent": 80},
                 {"label": "Attended 4 or more of 6 sessions", "n": None, "percent": None},
                 {"label": "Answered both times (paired)", "n": 30, "percent": 75}],
        "outcomes": [{"key": "a", "name": "Confidence", "scale": [1, 5], "figures": {
            "mean_pre": 2.0, "mean_post": 3.0, "mean_diff": 1.0, "ci_low": 0.5, "ci_high": 1.5, "n_pairs": 30}}],
        "organisations": {},
    }  # fmt: skip
    Snapshot.objects.create(cohort=part.cohort, kind="outside", figures=figures, digest="1" * 64)
    assert "being checked" in text_of(client, "organisation_evidence", part.pk)
    IntruderTest.objects.create(done_on=clock.today(), tried_by="R", tried="All.", outcome="nobody")

    page = text_of(client, "organisation_evidence", part.pk)
    pages, paper = pdf_text(client.get(url("organisation_evidence_pdf", part.pk)))
    for shown in (page, " ".join(paper.split())):
        for words in ["No comparison group.", "under 8", "about 30 people", "Not shown", "1 of 1 changes", "about 40"]:
            assert words in shown, words
        assert "paired" not in shown
    assert pages <= 2


def test_asking_a_colleague_in_and_their_answer_by_link(client, part):
    form = {"first_name": "Cleo", "last_name": "C", "email": "cleo@elsewhere.example"}
    page = client.post(url("coordinators", part.pk), form).content.decode()
    assert "ends in @employer.example" in page
    client.post(url("coordinators", part.pk), form | {"email": "cleo@employer.example"})
    link = url("coordinating", coordinating_token(CoordinatorInvitation.objects.get()))

    client.logout()
    assert "Yes, I will" in client.get(link).content.decode()
    answer = client.post(link, {"accept": "yes"}, follow=True)
    assert "You coordinate for" in answer.content.decode()
    assert client.get(url("organisation", part.pk)).status_code == 200
    assert "You have said yes already" in client.get(link).content.decode()


def test_handing_over_and_leaving(client, part):
    page = text_of(client, "hand_over_organisation", part.pk)
    assert "You are the only coordinator" in page
    form = {"first_name": "Dan", "last_name": "D", "email": "dan@employer.example"}
    client.post(url("hand_over_organisation", part.pk), form)
    asked = CoordinatorInvitation.objects.get()
    client.post(url("coordinators", part.pk), {"take_back": str(asked.pk)})
    link = url("coordinating", coordinating_token(asked))
    assert client.get(link).status_code == 410

    client.post(url("hand_over_organisation", part.pk), form | {"email": "eve@employer.example"})
    CoordinatorInvitation.objects.filter(state="open").update(created_at=clock.now() - dt.timedelta(days=9))
    lead, rule = StaffFactory(), next(rule for rule in attention.RULES if rule.key == "no_coordinator")
    [finding] = attention.gather([rule], lead, [part.cohort])[part.cohort.pk]
    assert "a hand-over that nobody has accepted" in finding.items[0].evidence

    answer = client.post(url("hand_over_organisation", part.pk), {"leave": "yes"}, follow=True)
    assert "Nobody coordinates there now" in answer.content.decode()
    assert client.get(url("organisation", part.pk)).status_code == 404
    [finding] = attention.gather([rule], lead, [part.cohort])[part.cohort.pk]
    assert finding.items[0].evidence == str(part.organisation)


def test_taking_part_again_is_seen_and_answered(client, part):
    after = CohortFactory(format=part.cohort.format, launch=clock.today() + dt.timedelta(days=200))
    assert client.get(url("renewal", part.pk, after.pk)).status_code == 404
    offer_renewal(cohort=after, participations=[part], by=StaffFactory())
    assert f"take part in {after}?" in text_of(client, "organisation", part.pk)
    assert f"take part in {after}?" in text_of(client, "home")

    page = client.post(url("renewal", part.pk, after.pk), {"places_mentee": "x"}).content.decode()
    assert "Say whether you would like to take part again" in page
    client.post(url("renewal", part.pk, after.pk), {"again": "yes", "places_mentee": "3", "note": ""})
    assert Interest.objects.get().expected_mentees == 3
    assert "Your interest is registered" in text_of(client, "renewal", part.pk, after.pk)


def test_replacing_who_has_not_answered(client, part):
    first = put(part, 1)
    form = {"first_name": "Ola", "last_name": "New", "email": "ola@employer.example", "reason": ""}
    assert "Enter a first name." in client.post(url("replace_nomination", first.pk), {}).content.decode()
    answer = client.post(url("replace_nomination", first.pk), form, follow=True).content.decode()
    assert "Nia Person1 has been withdrawn. Ola New has been invited" in answer


def test_a_wrong_address_is_corrected_without_writing_the_rest_again(client, part):
    first = put(part, 1)
    assert "Correct or replace" not in text_of(client, "organisation", part.pk)
    Suppression.objects.create(address=first.email, why="bounced")
    assert "Correct or replace" in text_of(client, "organisation", part.pk)
    form = client.get(url("replace_nomination", first.pk)).context["form"]
    known = {name: form[name].value() for name in form.fields}
    assert known == {"first_name": "Nia", "last_name": "Person1", "email": first.email, "reason": ""}
    assert "There is a problem" in client.post(url("replace_nomination", first.pk), known).content.decode()
    right = known | {"email": "nia.person@employer.example"}
    answer = client.post(url("replace_nomination", first.pk), right, follow=True).content.decode()
    assert "Nia Person1 has been invited. We are writing to nia.person@employer.example." in answer
    assert "withdrawn" not in answer[: answer.index("has been invited")]
    # They stay who they are: put forward once, told nothing of a nomination that was taken back, and settled on Today.
    assert Nomination.objects.get() == first
    waiting = Message.objects.filter(state="waiting").values_list("kind", "address")
    assert list(waiting) == [("participants.nominated", "nia.person@employer.example")]
    elsewhere = EnrolmentFactory(cohort=part.cohort).user.email
    refused = client.post(url("replace_nomination", first.pk), known | {"email": elsewhere, "first_name": "nia "})
    assert refused.context["form"].errors["email"] == [NOT_AT_THIS_ADDRESS]


def test_the_list_can_be_taken_along_without_who_said_no(client, part):
    put(part, 1)
    gone = put(part, 2)
    Nomination.objects.filter(pk=gone.pk).update(first_name="=Nia")
    kept = client.get(url("people_file", part.pk))
    assert "'=Nia Person2,p2@employer.example,Mentee" in kept.content.decode("utf-8-sig")
    assert "no-store" in kept["Cache-Control"]
    client.post(url("withdraw_nomination", gone.pk))
    lines = client.get(url("people_file", part.pk)).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Work e-mail,Role,Status,What else there is to know"
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["Nia Person1", "p1@employer.example", "Mentee", '"Invited'],
    ]
    assert AuditEvent.objects.filter(verb="nominations.copied", actor=part.by).count() == 2
    assert url("people_file", part.pk) in text_of(client, "organisation", part.pk)
    client.force_login(StaffFactory())
    assert client.get(url("people_file", part.pk)).status_code == 404
