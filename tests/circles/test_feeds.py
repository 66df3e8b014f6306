"""A person's calendar link: made, replaced, ended; and what the calendar behind it shows, read by another's parser."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from icalendar import Calendar
from icalendar.cal import Event as Entry

from accounts import clock
from accounts.models import User
from circles.emails.sessions import event_request, session_request
from circles.models import CalendarFeed, Session
from circles.selectors.feeds import REFRESH, TITLE, _entries, calendar_of, feed_by_token
from circles.services import events, membership, sessions
from circles.services.feeds import FeedError, end_feed_of_leaver, make_feed, note_use, set_discreet, switch_off_feed
from cohorts.models import Event
from outbox.calendar import CalendarPart, subscription
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment
from privacy import registry
from privacy.models import AuditEvent
from tests.circles.circle import Published, add_member, published
from tests.circles.diary import as_sent, calendar_parts
from tests.factories import EnrolmentFactory, MembershipFactory, SessionFactory, UserFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    for session in made.circle.sessions.all():
        for one in made.everybody:
            sessions.invite(session=session, enrolment=one)
    return made


@pytest.fixture
def me(ours: Published) -> Enrolment:
    return ours.members[0]


def ceremony(ours: Published, **values: object) -> Event:
    starts = dt.datetime(2026, 10, 5, 16, tzinfo=dt.UTC)
    values = {"kind": "opening", "title": "Opening ceremony", "starts_at": starts, "place": "1 Long Street"} | values
    return Event.objects.create(cohort=ours.circle.cohort, **values)


def shown(user: User) -> dict[str, Entry]:
    """The entries of somebody's calendar, by UID."""
    return {str(entry["UID"]): entry for entry in Calendar.from_ical(calendar_of(user)).walk("VEVENT")}


def uid(row: Session | Event) -> str:
    return f"{row._meta.model_name}-{row.pk}@comc.example"


def verbs() -> list[str]:
    told = AuditEvent.objects.filter(verb__startswith="calendar_link").order_by("at", "created_at")
    return list(told.values_list("verb", flat=True))


# --- made, replaced, switched off -----------------------------------------------------------------


def test_only_the_hash_of_a_long_random_token_is_kept(me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    row = CalendarFeed.objects.values().get()
    assert len(token) == 43  # 256 bits
    assert len(row["token_hash"]) == 64
    assert token not in str(row)
    assert token not in str(list(AuditEvent.objects.values())) + str(list(Message.objects.values()))
    assert row["token_hash"] not in str(list(AuditEvent.objects.values()))


def test_a_new_link_ends_the_old_one_at_once(me: Enrolment) -> None:
    old = make_feed(user=me.user, by=me.user)
    note_use(feed=feed_by_token(old))
    new = make_feed(user=me.user, by=me.user)
    assert feed_by_token(old) is None
    assert feed_by_token(new).user == me.user
    assert CalendarFeed.objects.get().last_used_on is None
    assert verbs() == ["calendar_link.made", "calendar_link.replaced"]


def test_a_link_is_switched_off_once(me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    assert switch_off_feed(user=me.user, by=me.user)
    assert not switch_off_feed(user=me.user, by=me.user)
    assert feed_by_token(token) is None
    assert verbs() == ["calendar_link.made", "calendar_link.switched_off"]


@pytest.mark.django_db
def test_who_sits_in_no_circle_gets_no_link() -> None:
    with pytest.raises(FeedError, match="once you are in a circle"):
        make_feed(user=UserFactory(), by=None)


def test_the_day_of_use_is_written_once_a_day(
    me: Enrolment, move_clock: Callable, django_assert_num_queries: Callable
) -> None:
    token = make_feed(user=me.user, by=me.user)
    note_use(feed=feed_by_token(token))
    found = feed_by_token(token)
    with django_assert_num_queries(0):
        note_use(feed=found)
    move_clock(dt.date(2026, 9, 2))
    note_use(feed=found)
    assert feed_by_token(token).last_used_on == dt.date(2026, 9, 2)


def test_the_link_is_part_of_what_is_held_and_of_what_is_erased(me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    made = CalendarFeed.objects.get().made_at
    assert registry.export(me.user)["Your private calendar link"] == [{"Made on": made, "Last used on": None}]
    assert registry.erase(me.user)["calendar_feed"] == 1
    assert feed_by_token(token) is None


# --- gone with the person -------------------------------------------------------------------------


def test_who_withdraws_loses_the_link_for_good(ours: Published, me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    membership.withdraw(enrolment=me, by=None)
    assert feed_by_token(token) is None
    assert not CalendarFeed.objects.exists()
    assert verbs()[-1] == "calendar_link.ended"


def test_who_sits_in_another_circle_too_keeps_it_and_sees_that_one_only(ours: Published, me: Enrolment) -> None:
    other = published(dt.date(2026, 12, 1))
    MembershipFactory(circle=other.circle, seat=5, enrolment=EnrolmentFactory(cohort=other.circle.cohort, user=me.user))
    coming = SessionFactory(circle=other.circle, starts_at=clock.now() + dt.timedelta(days=99))
    token = make_feed(user=me.user, by=me.user)
    assert len(shown(me.user)) == 7
    membership.withdraw(enrolment=me, by=None)
    assert feed_by_token(token)
    assert set(shown(me.user)) == {uid(coming)}


def test_a_seat_that_is_only_changed_keeps_the_link(ours: Published, me: Enrolment) -> None:
    """Between leaving one circle and joining the next nobody looks."""
    token = make_feed(user=me.user, by=me.user)
    membership.leave_circle(enrolment=me, by=None)
    assert feed_by_token(token) is None  # without a seat it shows nothing, whoever forgot to end it
    membership.add_to_circle(enrolment=me, circle=ours.circle, by=None)
    end_feed_of_leaver(user=me.user, by=None)
    assert feed_by_token(token)


def test_a_person_who_may_not_sign_in_has_no_calendar(me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    User.objects.filter(pk=me.user_id).update(is_active=False)
    assert feed_by_token(token) is None


def test_a_closed_cohort_has_no_calendar(ours: Published, me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    assert shown(me.user)
    ours.circle.cohort.closed_at = clock.now()
    ours.circle.cohort.save(update_fields=["closed_at"])
    assert feed_by_token(token) is None
    assert not shown(me.user)


# --- what it shows --------------------------------------------------------------------------------


def test_it_shows_what_the_invitations_say(ours: Published, me: Enrolment) -> None:
    """The same UID, number, title and times; but no link that would act for whoever finds it."""
    invitations = Message.objects.filter(kind="circles.session_invited", recipient=me.user)
    assert invitations.count() == 6
    entries = shown(me.user)
    for message in invitations:
        part, entry = session_request(message), entries[uid(message.about)]
        assert int(entry["SEQUENCE"]) == part.sequence
        assert str(entry["SUMMARY"]) == part.title
        assert entry["DTSTART"].dt == part.starts_at
        assert entry["DTEND"].dt == part.ends_at
        assert "/join/" in part.description
        assert "/join/" not in str(entry["DESCRIPTION"])
        assert f"/session/{message.about.pk}/" in str(entry["DESCRIPTION"])


def test_a_session_that_moves_is_raised_and_one_that_is_cancelled_says_so_for_a_while(
    ours: Published, me: Enrolment, move_clock: Callable
) -> None:
    first, second = ours.circle.sessions.order_by("number")[:2]
    later = first.starts_at + dt.timedelta(days=1)
    sessions.move_session(session=first, by=ours.lead.user, starts_at=later)
    sessions.cancel_session(session=second, by=ours.lead.user)
    entries = shown(me.user)
    assert (int(entries[uid(first)]["SEQUENCE"]), entries[uid(first)]["DTSTART"].dt) == (1, later)
    gone = entries[uid(second)]
    assert (int(gone["SEQUENCE"]), str(gone["STATUS"]), "DESCRIPTION" in gone) == (1, "CANCELLED", False)
    move_clock((second.starts_at + dt.timedelta(days=13)).date())
    assert uid(second) in shown(me.user)
    move_clock((second.starts_at + dt.timedelta(days=15)).date())
    assert uid(second) not in shown(me.user)
    assert uid(first) in shown(me.user)  # what was held stays


def test_who_joins_late_sees_what_is_still_to_come(ours: Published, move_clock: Callable) -> None:
    _, second = ours.circle.sessions.order_by("number")[:2]
    sessions.cancel_session(session=second, by=ours.lead.user)
    move_clock((second.starts_at + dt.timedelta(days=1)).date())
    late = add_member(ours.circle, 9)
    assert set(shown(late.user)) == {uid(session) for session in ours.circle.sessions.order_by("number")[2:]}


def test_a_ceremony_is_there_and_numbered_as_for_who_has_come_back(ours: Published, me: Enrolment) -> None:
    opening = ceremony(ours)
    events.queue_event_invitations()
    assert int(shown(me.user)[uid(opening)]["SEQUENCE"]) == 0
    membership.leave_circle(enrolment=me, by=None)
    events.queue_event_invitations()
    membership.add_to_circle(enrolment=me, circle=ours.circle, by=None)
    events.queue_event_invitations()
    last = Message.objects.filter(kind="circles.event_invited", recipient=me.user).latest("created_at")
    entry = shown(me.user)[uid(opening)]
    assert int(entry["SEQUENCE"]) == event_request(last).sequence == 2
    assert str(entry["SUMMARY"]) == "Mentoring – opening ceremony"


def test_it_names_nobody_and_no_place(ours: Published, me: Enrolment) -> None:
    ceremony(ours)
    ours.circle.sessions.update(mode="hybrid", place="Room 5, 12 Mill Lane")
    text = calendar_of(me.user).decode().replace("\r\n ", "")
    for one in ours.everybody:
        assert one.user.email not in text
        assert one.user.last_name not in text
    for word in ("ORGANIZER", "ATTENDEE", "METHOD", "Mill Lane", "Long Street", ours.circle.cohort.name):
        assert word not in text
    assert {str(entry["CLASS"]) for entry in shown(me.user).values()} == {"PRIVATE"}
    places = {str(entry["LOCATION"]) for entry in shown(me.user).values()}
    assert places == {"Online and in person", "In person"}


def test_nothing_of_anybody_else_is_in_it(ours: Published, me: Enrolment) -> None:
    theirs = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=theirs.circle, by=None)
    ceremony(theirs)
    mine, other = shown(me.user), shown(theirs.members[0].user)
    assert set(mine) == {uid(session) for session in ours.circle.sessions.all()}
    assert len(other) == 7
    assert not set(mine) & set(other)


def test_discreet_wording_says_meeting_and_no_more(ours: Published, me: Enrolment) -> None:
    opening = ceremony(ours)
    ours.circle.sessions.update(mode="hybrid", place="Room 5, 12 Mill Lane")
    events.queue_event_invitations()
    other = calendar_of(ours.members[1].user)
    assert set_discreet(user=me.user, on=True, by=me.user)
    assert not set_discreet(user=me.user, on=True, by=me.user)
    deliver_all()
    asked = [Calendar.from_ical(calendar_parts(as_sent(one))[0].get_payload(decode=True)) for one in mail.outbox]
    mine = [one.walk("VEVENT")[0] for one in asked if me.user.email in one.to_ical().decode().replace("\r\n ", "")]
    assert len(mine) == 7
    for entry in [*mine, *shown(me.user).values()]:
        assert str(entry["SUMMARY"]) == "Meeting"
        assert str(entry["LOCATION"]) in {"Online and in person", "In person"}
        assert "entoring" not in str(entry["DESCRIPTION"])
    assert b"X-WR-CALNAME:Meetings" in calendar_of(me.user)
    assert calendar_of(ours.members[1].user) == other
    assert registry.export(me.user)["How much your calendar says"]
    assert int(shown(me.user)[uid(opening)]["SEQUENCE"]) == 0
    assert registry.erase(me.user)["calendar_wording"] == 1
    assert str(shown(me.user)[uid(opening)]["SUMMARY"]) == "Mentoring – opening ceremony"


def test_the_same_facts_give_the_same_bytes_whenever_they_are_asked_for(
    ours: Published, me: Enrolment, move_clock: Callable
) -> None:
    before = calendar_of(me.user)
    move_clock(dt.date(2026, 9, 3))
    assert calendar_of(me.user) == before
    session = ours.circle.sessions.first()
    sessions.move_session(session=session, by=ours.lead.user, minutes=60)
    assert calendar_of(me.user) != before
    assert shown(me.user)[uid(session)]["DTSTAMP"].dt.date() == clock.today()  # that it was changed, and when


def test_it_is_well_formed_line_by_line(ours: Published, me: Enrolment) -> None:
    """Checked by hand: every line ends with CRLF, none is longer than 75 octets, none is cut within a letter."""
    odd = CalendarPart(
        method="REQUEST", uid="odd@comc.example", sequence=0,
        title="Réunion à l’opéra; naïve, très longue \\ " + "é" * 70,
        starts_at=clock.now(), ends_at=clock.now(),
    )  # fmt: skip
    body = subscription([*_entries(me.user), (odd, clock.now())], title=TITLE, refresh=REFRESH)
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    text = body.decode().replace("\r\n ", "")
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text
    assert "X-PUBLISHED-TTL:PT6H\r\n" in text
    assert "l’opéra\\; naïve\\, très longue \\\\ éé" in text
    assert "DTSTART;TZID=Europe/London:20261013T123000" in text
    assert "DTSTART;TZID=Europe/London:20261110T123000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "RRULE" not in text.partition("END:VTIMEZONE")[2]


def test_the_number_of_queries_is_that_of_the_kinds_of_thing(
    ours: Published, me: Enrolment, count_queries: Callable
) -> None:
    ceremony(ours)
    assert count_queries(lambda: calendar_of(me.user)) == 4
    Session.objects.exclude(number=1).delete()
    assert count_queries(lambda: calendar_of(me.user)) == 4
