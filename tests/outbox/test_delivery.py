"""Messages on their way: claimed in order, tried again, given up, all over a real SMTP server."""

import datetime as dt
from collections.abc import Callable

from accounts import clock
from accounts.models import User
from circles.models import Session
from outbox import kinds, services
from outbox.calendar import CalendarPart
from outbox.claims import BACK_OFF, claim
from outbox.delivery import JITTER, deliver_all
from outbox.models import Message, State
from privacy.models import AuditEvent
from tests.factories import OrganisationFactory, StaffFactory
from tests.outbox.conftest import NOON, Letter, queue
from tests.outbox.sink import Sink


class TestSending:
    def test_one_person_two_equal_parts_and_a_stable_id(self, ada: User, letter: Letter, sink: Sink) -> None:
        message = queue(ada)
        assert deliver_all() == 1
        (mail,) = sink.received
        assert mail["To"] == "Ada Obi <ada@employer.example>"
        assert mail["Message-ID"] == f"<{message.pk}@comc.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        text, html = (mail.get_body((kind,)).get_content().replace("\r", "") for kind in ("plain", "html"))
        assert "Read more:\nhttp://127.0.0.1:8000/more/" in text
        assert 'href="http://127.0.0.1:8000/more/"' in html
        assert 'lang="en-GB"' in html
        message.refresh_from_db()
        assert (message.state, message.subject, message.reason) == (State.SENT, "A letter to Ada", "")
        assert message.events.last().why == "The mail server took it: 250 OK"

    def test_nothing_leaves_before_its_time(self, ada: User, letter: Letter, sink: Sink, move_clock: Callable) -> None:
        move_clock(NOON)
        queue(ada, not_before=NOON + dt.timedelta(hours=1))
        deliver_all()
        assert sink.received == []
        move_clock(NOON + dt.timedelta(hours=1, seconds=1))
        deliver_all()
        assert len(sink.received) == 1

    def test_what_has_lost_its_reason_is_skipped_and_says_why(self, ada: User, letter: Letter, sink: Sink) -> None:
        queue(ada)
        letter.reason = "They have answered since."
        deliver_all()
        message = Message.objects.get()
        assert (message.state, message.reason) == (State.SKIPPED, "They have answered since.")
        assert sink.received == []

    def test_what_it_was_about_may_go(self, ada: User, letter: Letter, sink: Sink) -> None:
        organisation = OrganisationFactory()
        services.queue(kind="tests.letter", about=organisation, to=ada)
        organisation.delete()
        deliver_all()
        assert Message.objects.get().state == State.SKIPPED

    def test_a_calendar_part_is_announced_as_what_it_is(self, ada: User, letter: Letter, sink: Sink) -> None:
        ends = NOON + dt.timedelta(hours=1)
        letter.part = CalendarPart("REQUEST", "session-1@comc.example", 3, "Mentoring – session 1; a, b", NOON, ends)
        queue(ada)
        deliver_all()
        (mail,) = sink.received
        (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "REQUEST"
        body = part.get_content()
        assert "METHOD:REQUEST" in body
        assert "SEQUENCE:3" in body
        assert r"SUMMARY:Mentoring – session 1\; a\, b" in body
        assert "DTSTART;TZID=Europe/London:20261118T120000" in body
        assert body.count("ATTENDEE") == 1
        assert mail.get_content_type() == "multipart/alternative"


class TestRefusals:
    def test_a_temporary_one_is_tried_again_later_and_later(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        sink.answers[ada.email] = "451 Try again later"
        move_clock(NOON)
        queue(ada)
        now = NOON + dt.timedelta(seconds=1)
        for wait in BACK_OFF:
            move_clock(now)
            deliver_all()
            message = Message.objects.get()
            assert message.state == State.WAITING
            assert now + wait <= message.next_attempt_at <= clock.now() + wait * (1 + JITTER)
            assert deliver_all() == 0
            now = message.next_attempt_at
        move_clock(now)
        deliver_all()
        message.refresh_from_db()
        assert message.state == State.FAILED
        assert "451" in message.reason

    def test_it_arrives_once_the_server_is_well_again(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        sink.answers[ada.email] = "421 Busy"
        queue(ada)
        deliver_all()
        sink.answers.clear()
        move_clock(NOON + dt.timedelta(minutes=2))
        deliver_all()
        assert Message.objects.get().state == State.SENT
        assert len(sink.received) == 1

    def test_a_permanent_one_is_given_up_with_its_reason(self, ada: User, letter: Letter, sink: Sink) -> None:
        sink.answers[ada.email] = "550 No such user"
        queue(ada)
        deliver_all()
        message = Message.objects.get()
        assert (message.state, message.attempts) == (State.FAILED, 1)
        assert message.reason == "The mail server refused the address: 550 No such user"

    def test_no_server_at_all(self, ada: User, letter: Letter, settings: object, move_clock: Callable) -> None:
        move_clock(NOON)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        queue(ada)
        deliver_all()
        message = Message.objects.get()
        assert message.state == State.WAITING
        assert "could not be reached" in message.reason

    def test_one_that_cannot_be_made_does_not_stop_the_rest(self, ada: User, letter: Letter, sink: Sink) -> None:
        broken = queue(ada, "1")
        Message.objects.filter(pk=broken.pk).update(kind="tests.unknown")
        queue(ada, "2")
        deliver_all()
        assert list(Message.objects.order_by("occurrence").values_list("state", flat=True)) == ["failed", "sent"]

    def test_staff_send_a_failed_one_again_to_the_address_of_today(self, ada: User, letter: Letter, sink: Sink) -> None:
        sink.answers[ada.email] = "550 No such user"
        message = queue(ada)
        deliver_all()
        ada.email = "ada.obi@employer.example"
        ada.save()
        services.retry(message=message, by=StaffFactory())
        deliver_all()
        assert sink.envelopes == [("programme@comc.example", ["ada.obi@employer.example"])]
        assert AuditEvent.objects.filter(verb="message.retried").count() == 1

    def test_what_was_sent_is_not_sent_again(self, ada: User, letter: Letter, sink: Sink) -> None:
        message = queue(ada)
        deliver_all()
        services.retry(message=message, by=StaffFactory())
        deliver_all()
        assert len(sink.received) == 1


class TestWhatOvertakes:
    def test_what_is_urgent_is_claimed_before_what_waits_longer(self, ada: User, letter: Letter) -> None:
        for occurrence in "123":
            queue(ada, occurrence)
        Message.objects.filter(occurrence="3").update(urgent=True)
        assert [message.occurrence for message in claim(2)] == ["3", "1"]

    def test_the_limit_of_a_minute_is_kept_and_holds_up_nothing_urgent(
        self, ada: User, letter: Letter, sink: Sink, settings: object, move_clock: Callable
    ) -> None:
        settings.MAIL_PER_MINUTE = 2
        move_clock(NOON)
        for occurrence in "123456":
            queue(ada, occurrence)
        Message.objects.filter(occurrence="6").update(urgent=True)
        assert [deliver_all(), deliver_all()] == [3, 0]
        assert Message.objects.get(occurrence="6").state == State.SENT
        move_clock(NOON + dt.timedelta(seconds=62))
        assert [deliver_all(limit=1), deliver_all(), deliver_all()] == [1, 1, 0]

    def test_codes_receipts_and_what_is_called_off_within_a_day_are_urgent(self, db: None) -> None:
        soon, later = (Session(starts_at=NOON + dt.timedelta(hours=hours)) for hours in (23, 25))
        urgent = {kind.key for kind in kinds.every() if kind.is_urgent(soon, NOON)}
        assert {"account.login_code", "participants.enrolled"} <= urgent
        assert urgent - {kind.key for kind in kinds.every() if kind.is_urgent(later, NOON)} == {
            "circles.session_cancelled",
            "circles.stand_in_cancelled",
            "circles.event_cancelled",
        }
        assert not any("invited" in key or "reply" in key for key in urgent)


class TestHistory:
    def test_each_change_of_state_is_written_down_and_why(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        sink.answers[ada.email] = f"451 <{ada.email}> try later"
        move_clock(NOON)
        message = queue(ada)
        deliver_all()
        sink.answers[ada.email] = "550 No such user"
        move_clock(NOON + dt.timedelta(minutes=5))
        deliver_all()
        services.retry(message=message, by=StaffFactory())
        later, no = "The mail server refused the address: 451 … try later", "The mail server refused the address: 550 "
        assert list(message.events.values_list("state", "why")) == [
            ("sending", ""),
            ("waiting", later),
            ("sending", ""),
            ("failed", f"{no}No such user"),
            ("waiting", "Somebody of the team has it sent again."),
        ]

    def test_a_handful_costs_the_same_queries_for_three_as_for_one(
        self, ada: User, letter: Letter, sink: Sink, count_queries: Callable
    ) -> None:
        def claimed(number: int) -> int:
            for occurrence in range(number):
                queue(ada, f"{number} {occurrence}")
            return count_queries(lambda: claim(number))

        assert claimed(1) == claimed(3)
