"""A complaint about personal data: taken in once, answered in time, seen by few, forgotten on its day (G-14)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.workdays import is_working_day
from outbox import complaints, kinds
from outbox.models import Message, Suppression
from privacy import access
from privacy.complaint_models import ICO_NAME, ICO_URL
from privacy.models import AuditEvent, Complaint
from privacy.tasks import forget_old
from staff import attention, erasing
from tests.factories import StaffFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
WROTE = {
    "text": "You told my manager that I left.", "wish": "An apology", "name": "Nia Sender", "email": "nia@mail.example",
}  # fmt: skip
FORM = "/privacy/complaint/"


def evidence(user: User) -> list[tuple[str, str]]:
    groups = attention.gather([one for one in attention.RULES if one.key.startswith("complaint_")], user, [])
    return [(one.rule.key, item.evidence) for found in groups.values() for one in found for item in one.items]


def mail(kind: str) -> Any:
    message = Message.objects.get(kind=f"privacy.{kind}")
    return message, kinds.get(message.kind).context(message)


def test_somebody_without_an_account_complains_and_is_told_so_once(client: Client) -> None:
    page = client.get(FORM).content.decode()
    assert all(words in page for words in (ICO_NAME, ICO_URL, "within 30 days", 'autocomplete="email"'))
    for public in ("/privacy/", "/cookies/", "/"):
        assert FORM in client.get(public).content.decode()

    wrong = client.post(FORM, WROTE | {"email": "nia at mail"}).content.decode()
    assert all(words in wrong for words in ('href="#id_email"', "You told my manager", "An apology", "<title>Error: "))
    assert "hidden box" in client.post(FORM, WROTE | {"more_about_you": "x"}).content.decode()
    assert not Complaint.objects.exists()

    assert client.post(FORM, WROTE).url == client.post(FORM, WROTE).url == f"{FORM}thank-you/"  # pressed twice
    made = Complaint.objects.get()
    assert (made.state, made.text) == ("received", WROTE["text"])
    assert dt.timedelta(26) <= made.due_on - clock.today() <= dt.timedelta(30)
    assert is_working_day(made.due_on)
    message, said = mail("complaint_received")
    assert (message.address, message.recipient) == ("nia@mail.example", None)
    assert said["ico_url"] == ICO_URL
    assert "manager" not in str(said)
    assert "<strong>nia@mail.example</strong>" in client.get(f"{FORM}thank-you/").content.decode()
    codes = [client.post(FORM, WROTE | {"text": f"Again {number}"}).status_code for number in range(4)]
    assert codes == [302, 302, 302, 429]
    client.force_login(UserFactory(first_name="Mina", email="mina@mail.example"))
    assert 'value="mina@mail.example"' in client.get(FORM).content.decode()


def test_the_last_day_is_never_later_than_the_thirtieth() -> None:
    assert complaints.answer_by(dt.date(2026, 11, 25)) == dt.date(2026, 12, 24)  # not Christmas Day
    assert complaints.answer_by(dt.date(2026, 12, 1)) == dt.date(2026, 12, 31)


def test_leads_and_managers_alone_see_it_and_today_says_when_it_is_pressing(
    client: Client, move_clock: Callable
) -> None:
    began = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    move_clock(began)
    made = complaints.receive(**WROTE)
    lead, own = StaffFactory(role="lead"), StaffFactory(role="manager", email=WROTE["email"])
    reader, analyst = StaffFactory(role="read_only"), StaffFactory(role="analyst")
    assert list(Complaint.objects.for_staff(lead)) == [made]
    assert [Complaint.objects.for_staff(one).count() for one in (own, reader, analyst)] == [0, 0, 0]
    about = AuditEvent.objects.filter(object_id=made.pk)
    assert [about.for_staff(one).count() for one in (lead, reader)] == [1, 0]
    assert evidence(lead) == [("complaint_waiting", f"{made}: received on Tuesday 1 December 2026")]
    move_clock(began + dt.timedelta(days=20))
    assert evidence(lead) == [
        ("complaint_due", f"{made}: to be answered by Thursday 31 December 2026, and nobody looks into it")
    ]
    complaints.look_into(complaint=made, by=lead)
    move_clock(began + dt.timedelta(days=30, hours=11))
    assert evidence(lead) == [("complaint_due", f"{made}: to be answered by Thursday 31 December 2026")]
    move_clock(began + dt.timedelta(days=31))
    assert evidence(lead) == [("complaint_due", f"{made}: was due an answer by Thursday 31 December 2026")]
    assert evidence(own) == evidence(reader) == evidence(analyst) == []
    client.force_login(lead)
    for asked, rows in (
        ({"overdue": "yes"}, 1),
        ({"q": "sender"}, 1),
        ({"q": str(made.number)}, 1),
        ({"q": "no such"}, 0),
        ({"state": "answered"}, 0),
    ):
        found = client.get(reverse("admin:privacy_complaint_changelist"), asked).context["cl"].result_count
        assert found == rows, asked
    assert "You told my manager" in client.get(made.get_absolute_url()).content.decode()
    assert AuditEvent.objects.filter(verb="complaint.read", actor=lead).count() == 1


def test_what_is_sent_is_what_was_looked_at(client: Client) -> None:
    made, lead = complaints.receive(**WROTE), StaffFactory(role="lead")
    client.force_login(lead)
    page = reverse("admin:answer_complaint", args=[made.pk])
    said = {"outcome": "partly", "done": "Asked the manager.", "answer": "We were wrong to tell him."}
    said["read"] = complaints.digest("")
    assert "Say what was done" in client.post(page, said | {"done": "", "act": "preview"}).content.decode()
    assert AuditEvent.objects.filter(verb="complaint.read", actor=lead).count() == 1  # shown in full by a POST, too
    shown = client.post(page, said | {"act": "preview"})
    assert "We were wrong to tell him." in shown.context["mail"].text
    assert ICO_URL in shown.context["mail"].text
    seen = {"seen": shown.context["seen"], "act": "send"}
    changed = client.post(page, said | seen | {"answer": "We were right."})
    assert "Look at it again" in changed.content.decode()
    assert not Message.objects.filter(kind="privacy.complaint_answered").exists()
    for _ in range(2):
        assert client.post(page, said | seen).url == made.get_absolute_url()
    made.refresh_from_db()
    assert (made.state, made.outcome, made.answered_by, made.done) == ("answered", "partly", lead, said["done"])
    message, values = mail("complaint_answered")
    assert (message.address, values["answer"]) == ("nia@mail.example", said["answer"])
    assert "We were wrong to tell him." in client.get(made.get_absolute_url()).content.decode()
    assert evidence(lead) == []


def test_mail_that_does_not_arrive_is_said_and_is_written_again(client: Client) -> None:
    made, lead = complaints.receive(**WROTE), StaffFactory(role="lead")
    client.force_login(lead)
    page = reverse("admin:complaint_address", args=[made.pk])
    assert "does not arrive" not in client.get(made.get_absolute_url()).content.decode()
    Message.objects.update(state="failed", attempts=1, reason="The mail server refused the address: 550")
    assert evidence(lead)[0] == ("complaint_unreached", f"{made}: they do not get word that it came")
    shown = client.get(made.get_absolute_url()).content.decode()
    assert all(words in shown for words in ("Mail to them does not arrive", page, "refused the address: 550"))
    assert client.post(page, {"email": "nia@mail"}).status_code == 200
    for _ in range(2):  # pressed twice
        client.post(page, {"email": "Nia@Right.example"})
    made.refresh_from_db()
    sent = Message.objects.filter(kind="privacy.complaint_received").order_by("created_at")
    assert made.email == "nia@right.example"
    assert [(one.address, one.state) for one in sent] == [
        ("nia@mail.example", "skipped"), ("nia@right.example", "waiting"),
    ]  # fmt: skip
    assert [key for key, _ in evidence(lead)] == ["complaint_waiting"]
    # It was taken, and came back: the answer would be skipped.
    sent.filter(state="waiting").update(state="sent", sent_at=clock.now())
    stop = Suppression.objects.create(address="nia@right.example", why="bounced")
    answer = reverse("admin:answer_complaint", args=[made.pk])
    assert "before you answer" in client.get(answer).content.decode()
    complaints.answer(complaint=made, outcome="upheld", done="x", answer="y", by=lead)
    Message.objects.filter(kind="privacy.complaint_answered").update(state="skipped", attempts=1, reason="Gone.")
    assert evidence(lead) == [("complaint_unreached", f"{made}: our answer does not reach them")]
    stop.delete()
    assert "Our answer goes to them again" in client.get(page).content.decode()
    client.post(page, {"email": made.email})
    again = Message.objects.filter(kind="privacy.complaint_answered").latest("created_at")
    assert (again.address, again.state, evidence(lead)) == ("nia@right.example", "waiting", [])


def test_nobody_writes_over_what_a_colleague_has_written_since(client: Client) -> None:
    made, lead, other = complaints.receive(**WROTE), StaffFactory(role="lead"), StaffFactory(role="manager")
    client.force_login(lead)
    read = complaints.digest("")
    complaints.write_done(complaint=made, done="Rang the sender.", by=other, read=read)
    mine = {"done": "Asked the manager.", "read": read}
    refused = client.post(made.get_absolute_url(), mine)
    assert all(words in refused.content.decode() for words in ("Rang the sender.", "Asked the manager."))
    page, said = reverse("admin:answer_complaint", args=[made.pk]), {"outcome": "upheld", "answer": "Sorry."}
    seen = client.post(page, said | mine | {"act": "preview"}).context["seen"]
    refused = client.post(page, said | mine | {"act": "send", "seen": seen})
    assert "Rang the sender." in str(refused.context["form"].errors["done"])
    made.refresh_from_db()
    assert (made.is_open, made.done) == (True, "Rang the sender.")
    mine["read"] = refused.context["form"]["read"].value()
    assert client.post(made.get_absolute_url(), mine).status_code == 302
    complaints.answer(complaint=made, outcome="upheld", done="Both.", answer="Sorry.", by=other)
    late = client.post(made.get_absolute_url(), mine | {"done": "Too late", "read": complaints.digest("Both.")})
    assert "It has been answered since" in late.content.decode()
    with pytest.raises(complaints.AnsweredAlreadyError):
        complaints.write_done(complaint=made, done="x", by=lead)
    made.refresh_from_db()
    assert made.done == "Both."
    assert Message.objects.get(kind="privacy.complaint_answered").urgent  # it leaves at once, by night too


def test_it_follows_the_account_of_whoever_was_signed_in(client: Client) -> None:
    person, lead = UserFactory(email="old@mail.example"), StaffFactory(role="lead")
    client.force_login(person)
    assert "The address of your account" in client.get(FORM).content.decode()
    client.post(FORM, WROTE)  # another address was typed
    made = Complaint.objects.get()
    assert (made.user, made.email, mail("complaint_received")[0].recipient) == (person, "old@mail.example", person)
    User.objects.filter(pk=person.pk).update(email="new@mail.example")
    person, stranger = User.objects.get(pk=person.pk), UserFactory(email="old@mail.example")
    parts = {part.title: part.rows for part in access.held_about(person)}
    assert parts["What you complained about to us"][0]["What happened"] == WROTE["text"]
    assert "What you complained about to us" not in {part.title for part in access.held_about(stranger)}
    with pytest.raises(ValidationError):
        erasing.erase_person(user=person, by=lead)
    complaints.answer(complaint=made, outcome="upheld", done="x", answer="y", by=lead)
    assert mail("complaint_answered")[0].address == "new@mail.example"
    # One of the team takes down what somebody told them: it is not their own.
    told = complaints.receive(**WROTE | {"email": "old@mail.example", "text": "By telephone"}, by=lead)
    assert told.user == stranger
    assert complaints.receive(**WROTE | {"email": "un@known.example"}, by=lead).user is None
    own = complaints.receive(**WROTE | {"email": lead.email}, by=lead)
    User.objects.filter(pk=lead.pk).update(email="lead@new.example")
    assert own not in Complaint.objects.for_staff(User.objects.get(pk=lead.pk))
    erasing.erase_person(user=person, by=StaffFactory(role="manager"))
    made.refresh_from_db()
    assert (made.user, made.email, made.text) == (None, "", "")


def test_it_is_its_writers_to_read_and_to_have_forgotten(move_clock: Callable) -> None:
    person, lead = UserFactory(email=WROTE["email"]), StaffFactory(role="lead")
    made = complaints.receive(**WROTE)
    parts = {part.title: part.rows for part in access.held_about(person)}
    # Anybody can give an address: whoever has it now reads that there is a complaint, and no word of it.
    assert [set(row) for row in parts["What you complained about to us"]] == [{"Number", "Received", "State"}]
    with pytest.raises(ValidationError):
        erasing.erase_person(user=person, by=lead)
    kept = complaints.receive(**WROTE | {"text": "Another"})
    complaints.answer(complaint=made, outcome="upheld", done="x", answer="y", by=lead)
    complaints.answer(complaint=kept, outcome="upheld", done="x", answer="y", by=lead)
    erasing.erase_person(user=person, by=lead)
    made.refresh_from_db()
    assert (made.name, made.email, made.text, made.answer, made.outcome) == ("Erased", "", "", "", "upheld")
    assert not Message.objects.filter(address=WROTE["email"]).exists()
    waits = complaints.receive(**WROTE)
    move_clock(clock.now() + dt.timedelta(days=729))
    forget_old()
    assert Complaint.objects.count() == 3
    move_clock(clock.now() + dt.timedelta(days=2))
    forget_old()
    assert list(Complaint.objects.all()) == [waits]
    last = waits.number
    waits.delete()
    assert complaints.receive(**WROTE).number > last  # no number comes a second time
