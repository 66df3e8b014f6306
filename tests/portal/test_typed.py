"""What was typed is not lost: signed out in the middle, a page that was open too long, a fault of ours."""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Concern, Reflection
from circles.services import sessions
from tests.circles.circle import Published, published
from tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
)

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
WORDS = "I spoke too little, and <b>wished</b> I had not."
pytestmark = pytest.mark.django_db
BACK = "What you had written is back in the form."


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


def carried(client: Client, page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(client.get(page).content.decode()))


def test_what_was_typed_comes_back_to_who_typed_it_and_to_nobody_else(
    ours: Published, client: Client, move_clock: Callable
) -> None:
    me, other, enrolment = ours.members[0].user, ours.members[1].user, ours.members[0]
    session = ours.circle.sessions.first()
    reflection = reverse("portal:reflection", args=[session.pk])

    def sent_signed_out() -> None:
        client.force_login(me)
        proof = carried(client, reflection)
        client.logout()
        answer = client.post(reflection, {**proof, "text": WORDS})
        assert answer.url.endswith(f"next={reflection}")
        assert "spoke" not in answer.url + str(dict(client.session))

    sent_signed_out()
    client.force_login(me)
    shown = client.get(reflection).content.decode()
    assert BACK in shown
    assert "wished&lt;/b&gt;" in shown
    assert BACK not in client.get(reverse("portal:concern", args=[enrolment.pk])).content.decode()
    client.post(reflection, {"text": WORDS})
    assert Reflection.objects.get().text == WORDS
    assert "typed" not in client.session

    # Somebody else signs in: it is gone with the first page that they see, whichever that is.
    sent_signed_out()
    client.force_login(other)
    client.get(reverse("portal:home"))
    assert "typed" not in client.session

    # Two hours later it has waited too long.
    sent_signed_out()
    move_clock(clock.now() + dt.timedelta(hours=2))
    client.force_login(me)
    assert BACK not in client.get(reflection).content.decode()
    assert "typed" not in client.session


def test_a_form_that_is_sent_to_another_address_comes_back_on_its_own_page(ours: Published, client: Client) -> None:
    circle, add = (reverse(f"portal:{name}", args=[ours.circle.pk]) for name in ("circle", "add_agenda_item"))
    plan = reverse("portal:circle_plan", args=[ours.circle.pk])
    me, other = ours.members
    client.force_login(me.user)
    proof = carried(client, circle)
    client.logout()
    assert client.post(add, {**proof, "text": WORDS}).url.endswith(f"next={circle}")
    client.force_login(me.user)
    assert "spoke too little" in client.get(circle).content.decode()
    client.post(add, {"text": WORDS})
    assert ours.circle.agenda.get().text == WORDS
    assert "spoke too little" not in client.get(circle).content.decode().partition("add-form")[2]

    # Of two forms on a page the one that was sent is filled, each field as it was chosen.
    client.logout()
    action = {"action-text": "Write", "action-owner_id": str(other.pk), "action-due_on": "2026-11-03", "add": "action"}
    client.post(plan, {**proof, **action})
    client.force_login(me.user)
    form = client.get(plan).context["action_form"]
    assert [form[name].value() for name in ("text", "owner_id", "due_on")] == ["Write", str(other.pk), "2026-11-03"]
    assert not client.get(plan).context["goal_form"].initial


# Forms of every kind that the portal has, each with what is sent; that no other form is left out is seen to by
# `tests/house/typed_forms.py`.
FORMS = {
    "portal:add_session": {
        "day": "2026-11-03", "time": "12:30", "minutes": "60", "mode": "hybrid", "place": "Room 2",
        "all_the_same": ["2026-11-03"],
    },
    "portal:meeting_link": {"join_url": "meet.example.org/our-room"},
    "portal:propose_dates": {"day1": "2026-11-03", "time1": "09:00", "day4": "2026-11-06", "closes": "2026-10-30"},
    "portal:employer": {"organisation": "Dale Mills", "since": "2026-08-01"},
    "portal:change_goals": {"topics": [], "goal_note": WORDS},
    "portal:coordinators": {"first_name": "Cleo", "last_name": "Colleague", "email": "cleo@employer.example"},
    "portal:enrolment_dates": {"starts": "2026-12-01", "ends": "2026-12-0"},
    "portal:enrolment_step": {"agreed": "on"},
}  # fmt: skip


def test_every_kind_of_form_comes_back_as_it_was_sent(ours: Published, client: Client) -> None:
    lead, participation = ours.lead, ParticipationFactory()
    CoordinatorFactory(user=lead.user, organisation=participation.organisation)
    started = EnrolmentFactory(user=lead.user, state="started", agreed_at=None)
    own = {"portal:employer": [], "portal:change_goals": [lead.pk], "portal:coordinators": [participation.pk]}
    own |= {"portal:enrolment_dates": [started.pk], "portal:enrolment_step": [started.pk, "agreement"]}
    client.force_login(lead.user)
    proof = carried(client, reverse("portal:hand_over", args=[ours.circle.pk]))
    for name, sent in FORMS.items():
        page = reverse(name, args=own.get(name, [ours.circle.pk]))
        client.logout()
        client.post(page, {**proof, **sent})
        client.force_login(lead.user)
        shown = client.get(page)
        form = shown.context["form"]
        assert BACK in shown.content.decode(), name
        now = {field: form[field].value() for field in sent}
        assert now == {field: True if value == "on" else value for field, value in sent.items()}, name

    # The page between that shows the days first carries it on; with what was asked of the page, one is led back to it.
    session = ours.circle.sessions.first()
    move = reverse("portal:move_session", args=[session.pk])
    following = {"day": "2026-10-20", "time": "12:30", "minutes": "60", "mode": "online", "scope": "following"}
    between = dict(HIDDEN.findall(client.post(move, {**proof, **following}).content.decode()))
    client.logout()
    client.post(move, between)
    client.force_login(lead.user)
    assert client.get(move).context["form"]["scope"].value() == "following"
    client.logout()
    asked = f"{reverse('portal:propose_dates', args=[ours.circle.pk])}?session={session.pk}"
    sent_on = client.post(asked, {**proof, "day5": "2026-11-06"}).url
    client.force_login(lead.user)
    assert sent_on.endswith(f"next={quote(asked)}")
    assert '<details class="mb-4" open>' in client.get(asked).content.decode()


def test_a_page_that_could_not_be_kept_carries_it(ours: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(ours.members[0].user)
    concern = reverse("portal:concern", args=[ours.members[0].pk])
    proof = carried(client, concern)

    stale = client.post(concern, {**proof, "text": WORDS, "csrfmiddlewaretoken": "a" * 64})
    assert stale.status_code == 403
    assert "Send it again" in stale.content.decode()
    forged = client.post(concern, {"text": WORDS, "csrfmiddlewaretoken": "a" * 64})
    assert "Send it again" not in forged.content.decode()
    with monkeypatch.context() as broken:
        broken.setattr("circles.services.confidence.raise_concern", lambda **_: 1 / 0)
        failed = client.post(concern, {**proof, "text": WORDS})
    assert failed.status_code == 500
    assert "no-store" in failed["Cache-Control"]
    for page in (stale, failed):
        fields = dict(HIDDEN.findall(page.content.decode()))
        assert client.post(concern, {**fields, "text": WORDS}).url == concern
        assert "spoke too little" in fields["text"]
    assert Concern.objects.count() == 2

    # A form of the public pages has no owner: that it came from ours is enough. A button alone is not offered again.
    question, visitor = reverse("portal:interest_question"), Client(enforce_csrf_checks=True)
    visitor.raise_request_exception = False
    proof = carried(visitor, question)
    monkeypatch.setattr("portal.views.interest._organisation_form", lambda *_: 1 / 0)
    failed = visitor.post(question, {**proof, "message": "May we join?"})
    assert dict(HIDDEN.findall(failed.content.decode()))["message"] == "May we join?"
    alone = visitor.post(question, {"csrfmiddlewaretoken": proof["csrfmiddlewaretoken"]})
    assert (alone.status_code, "Send it again" in alone.content.decode()) == (500, False)


def test_staff_find_the_contact_that_they_were_writing_down(client: Client) -> None:
    manager, organisation = StaffFactory(role="manager"), OrganisationFactory()
    client.force_login(manager)
    page = organisation.get_absolute_url()
    url, proof = client.get(page).context["desk"].subject.contacts_url, carried(client, page)
    client.logout()
    sent = {**proof, "spoken_on": "2026-01-02", "channel": "video", "spoke_with": "Sam", "said": WORDS}
    assert client.post(url, sent).url.endswith(f"next={url}")
    client.force_login(manager)
    form = client.get(url).context["form"]
    assert [form[name].value() for name in ("spoken_on", "channel", "said")] == ["2026-01-02", "video", WORDS]
