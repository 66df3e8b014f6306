"""A circle's own space: its notices and their copies, votes, actions and notes."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from circles.models import AgendaItem, AgendaVote, Circle, Notice, SessionNote
from circles.selectors.entries import entry_of
from circles.selectors.people import roster
from circles.selectors.sessions import agenda_of
from circles.selectors.space import actions_of, goals_of
from circles.services import agenda, space
from outbox import preferences
from outbox.delivery import deliver_all
from outbox.models import Message
from privacy import registry
from privacy.models import AuditEvent
from privacy.services import set_consent
from tests.circles.circle import Published, published
from tests.factories import SessionFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 10, 6))
    return published(dt.date(2026, 10, 1), members=3)


def to_whom() -> set[str]:
    return {address for letter in mail.outbox for address in letter.recipients()}


def test_a_notice_reaches_everybody_else_once_under_the_name_that_its_writer_shows(ours: Published) -> None:
    shy, reader, _ = ours.members
    space.put_up(circle=ours.circle, text="See [this](https://x.example) *now*", enrolment=shy)
    deliver_all()
    deliver_all()
    assert [letter.subject for letter in mail.outbox] == ["A notice in your mentoring circle"] * 3
    letter = next(letter for letter in mail.outbox if reader.user.email in letter.to[0])
    assert "Member 1 has written" in letter.body
    assert shy.user.last_name not in letter.body
    assert shy.user.email not in str(letter.message())
    html = str(letter.alternatives[0][0])
    assert "https://x.example" in html
    assert 'href="https://x.example"' not in html  # what people type is no markup


def test_nobody_is_sent_a_copy_who_left_or_would_rather_not_or_of_what_is_taken_down(ours: Published) -> None:
    writer, gone, quiet = ours.members
    preferences.choose(user=quiet.user, category="circle", wanted=False, how="test")
    notice = space.put_up(circle=ours.circle, text="Hello", enrolment=writer)
    gone.memberships.update(left_at="2026-10-06T13:00Z")
    deliver_all()
    assert len(mail.outbox) == 1
    taken = space.put_up(circle=ours.circle, text="A slip", enrolment=writer)
    space.take_down(notice=taken, enrolment=writer)
    deliver_all()
    assert len(mail.outbox) == 1
    assert Message.objects.about(taken).get(recipient=ours.lead.user).reason == "It was taken down."
    assert list(Notice.objects.up()) == [notice]


def test_one_person_fills_nobodys_inbox(ours: Published, move_clock: Callable) -> None:
    writer = ours.members[0]
    for _ in range(space.NOTICES_A_DAY):
        space.put_up(circle=ours.circle, text="Hello", enrolment=writer)
    with pytest.raises(space.TooManyNoticesError):
        space.put_up(circle=ours.circle, text="Hello", enrolment=writer)
    space.put_up(circle=ours.circle, text="Hello", enrolment=ours.lead)
    move_clock(dt.date(2026, 10, 8))
    space.put_up(circle=ours.circle, text="Hello", enrolment=writer)


def test_a_vote_counts_once_and_brings_an_item_up(ours: Published) -> None:
    first, second = (
        AgendaItem.objects.create(circle=ours.circle, text=text, added_by=ours.lead) for text in ("First", "Second")
    )
    voter = ours.members[0]
    for _ in range(2):
        space.set_vote(item=second, wanted=True, enrolment=voter)
    found = list(agenda_of(ours.circle, voter))
    assert [(one.text, one.votes_in, one.voted) for one in found] == [("Second", 1, True), ("First", 0, False)]
    space.set_vote(item=second, wanted=False, enrolment=voter)
    assert list(agenda_of(ours.circle, voter)) == [first, second]


def test_an_action_of_somebody_who_left_has_no_name(ours: Published) -> None:
    mine, theirs = ours.members[:2]
    set_consent(user=theirs.user, purpose="share_with_circle", given=True, how="test")
    for owner in (mine, theirs):
        space.add_action(circle=ours.circle, text="x", owner=owner, due_on=None, enrolment=ours.lead)
    named = [one.who for one in actions_of(ours.circle, roster(ours.circle, mine.user))]
    assert named == ["You", theirs.user.get_full_name()]
    theirs.memberships.update(left_at="2026-10-06T13:00Z")
    assert [one.who for one in actions_of(ours.circle, roster(ours.circle, mine.user))][1] == "Somebody who has left"


def test_what_one_wrote_is_corrected_by_oneself_and_taken_away_by_who_leads(ours: Published, client: Client) -> None:
    writer, other, _ = ours.members
    item = agenda.add_item(circle=ours.circle, text="My pay", enrolment=writer)
    goal = space.add_goal(circle=ours.circle, text="Met a buyr", competency="", enrolment=writer)
    action = space.add_action(circle=ours.circle, text="Write", owner=writer, due_on=None, enrolment=writer)
    notice = space.put_up(circle=ours.circle, text="At nine", enrolment=writer)
    space.set_vote(item=item, wanted=True, enrolment=other)
    things = {"agenda": item, "goal": goal, "action": action, "notice": notice}
    sent = {
        "agenda": {"text": "How pay is set"},
        "goal": {"goal-text": "Met a buyer"},
        "action": {"action-text": "Write", "action-owner_id": str(other.pk), "action-due_on": ""},
        "notice": {"text": "At ten"},
    }

    def answers(name: str, data: dict | None = None) -> set[int]:
        urls = {kind: reverse(f"portal:{name}", args=[kind, one.pk]) for kind, one in things.items()}
        if data is None:
            return {client.get(url).status_code for url in urls.values()}
        return {client.post(url, data.get(kind, {})).status_code for kind, url in urls.items()}

    # Another member does neither; who leads puts no words into anybody's mouth.
    client.force_login(other.user)
    assert answers("change_entry", sent) == answers("take_away", {}) == {404}
    client.force_login(ours.lead.user)
    assert answers("change_entry", sent) == {404}
    client.force_login(writer.user)
    assert answers("change_entry", sent) == {302}
    for one in things.values():
        one.refresh_from_db()
    assert (item.text, goal.text, action.owner, notice.text) == ("How pay is set", "Met a buyer", other, "At ten")
    assert notice.changed_at is not None
    assert item.votes.count() == 1
    # The copies that had not left yet say what it says now.
    deliver_all()
    assert all("At ten" in letter.body for letter in mail.outbox)
    # Asking changes nothing; the lead is told that the writer is not told.
    client.force_login(ours.lead.user)
    assert answers("take_away") == {200}
    assert "is not told that you took it away" in client.get(reverse("portal:take_away", args=["goal", goal.pk])).text
    assert answers("take_away", {}) == {302}
    assert not AgendaItem.objects.exists()
    assert not ours.circle.goals.exists()
    assert not ours.circle.actions.exists()
    assert not Notice.objects.up().exists()
    trail = AuditEvent.objects.filter(verb__in=["agenda.taken_away", "action.changed", "notice.taken_down"])
    assert [event.actor for event in trail.order_by("at")] == [writer.user, ours.lead.user, ours.lead.user]


def test_neither_of_two_partners_takes_away_what_the_other_wrote(ours: Published) -> None:
    theirs = space.add_goal(circle=ours.circle, text="Theirs", competency="", enrolment=ours.members[0])
    assert entry_of("goal", theirs.pk, ours.lead.user) is not None
    type(ours.lead).objects.filter(pk=ours.lead.pk).update(role="partner")
    assert entry_of("goal", theirs.pk, ours.lead.user) is None


def test_notes_are_never_written_over_unread(ours: Published) -> None:
    session = SessionFactory(circle=ours.circle)
    space.write_note(session=session, decisions="We meet at noon.", version=0, enrolment=ours.lead)
    with pytest.raises(space.ChangedMeanwhileError):
        space.write_note(session=session, decisions="We meet at one.", version=0, enrolment=ours.members[0])
    note = space.write_note(session=session, decisions="We meet at one.", version=1, enrolment=ours.members[0])
    assert (note.version, note.decisions) == (2, "We meet at one.")


def test_partners_have_a_plan_in_three_parts(ours: Published) -> None:
    assert goals_of(ours.circle) == []
    ours.circle.cohort.format.mutual = True
    space.add_goal(circle=ours.circle, text="Shadow a meeting", competency="learning", enrolment=ours.lead)
    parts = [(part.title, len(part.goals)) for part in goals_of(ours.circle)]
    assert parts == [("Setting goals", 0), ("Learning and sharing", 1), ("Bringing your authentic self", 0)]


def test_what_a_person_put_in_is_exported_and_erased_and_no_one_elses(ours: Published) -> None:
    me, other = ours.members[:2]
    for writer in (me, other):
        space.put_up(circle=ours.circle, text=f"Notice {writer.pk}", enrolment=writer)
        space.add_goal(circle=ours.circle, text=f"Goal {writer.pk}", competency="", enrolment=writer)
        space.add_action(circle=ours.circle, text=f"Do {writer.pk}", owner=writer, due_on=None, enrolment=writer)
    session = SessionFactory(circle=ours.circle)
    mine = agenda.add_item(circle=ours.circle, text=f"Item {me.pk}", enrolment=me)
    theirs = agenda.add_item(circle=ours.circle, text=f"Item {other.pk}", enrolment=other)
    for item, voter in ((mine, other), (theirs, me)):
        space.set_vote(item=item, wanted=True, enrolment=voter)
    space.write_note(session=session, decisions=f"Noon {me.pk}", version=0, enrolment=me)
    rewritten = SessionFactory(circle=ours.circle, number=2)
    space.write_note(session=rewritten, decisions="First.", version=0, enrolment=me)
    space.write_note(session=rewritten, decisions="Then.", version=1, enrolment=other)
    held = str(registry.export(me.user)["What you put into your circle’s space"])
    assert all(f"{word} {me.pk}" in held for word in ("Notice", "Goal", "Do", "Item", "Noon"))
    assert f"'You voted for': 'Item {other.pk}'" in held
    assert str(other.pk) not in held.replace(f"Item {other.pk}", "")
    registry.erase(me.user)
    circle = Circle.objects.get()
    left = [circle.notices.get().written_by, circle.goals.get().added_by, circle.actions.get().owner]
    assert left == [other, other, other]
    assert list(ours.circle.agenda.all()) == [theirs]
    assert not AgendaVote.objects.exists()
    assert SessionNote.objects.get().decisions == "Then."  # whoever wrote last has made it theirs
