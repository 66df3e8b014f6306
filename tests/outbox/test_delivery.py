"""Messages on their way: claimed once, tried again, given up, all over a real SMTP server."""

import datetime as dt
import smtplib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from accounts import clock
from accounts.models import User
from circles.models import Session
from outbox import kinds, services, tasks
from outbox.calendar import CalendarPart
from outbox.claims import BACK_OFF, DEATHS, claim, give_back, run
from outbox.delivery import HANDFUL, JITTER, deliver_all, send
from outbox.models import Message, State
from privacy.models import AuditEvent
from tests.factories import OrganisationFactory, StaffFactory, UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink

NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example", first_name="Ada", last_name="Obi")


def queue(user: User, occurrence: str = "", **kwargs: object) -> Message:
    return services.queue(kind="tests.letter", about=user, to=user, occurrence=occurrence, **kwargs)


class TestQueue:
    def test_the_same_thing_person_and_occurrence_is_one_row(self, ada: User, letter: Letter) -> None:
        first = queue(ada, "1")
        assert queue(ada, "1").pk == first.pk
        assert queue(ada, "2").pk != first.pk
        assert Message.objects.count() == 2

    def test_an_address_without_an_account_is_not_in_the_key(self, ada: User, letter: Letter) -> None:
        message = services.queue(kind="tests.letter", about=ada, address="Nia@Employer.Example ", name="Nia")
        assert message.address == "nia@employer.example"
        assert "nia" not in message.key

    def test_what_is_rolled_back_is_not_sent(self, ada: User, letter: Letter, sink: Sink) -> None:
        with transaction.atomic():
            queue(ada)
            transaction.set_rollback(True)
        deliver_all()
        assert sink.received == []

    def test_many_messages_of_one_transaction_wake_the_worker_once(
        self, ada: User, letter: Letter, django_capture_on_commit_callbacks: Callable
    ) -> None:
        with django_capture_on_commit_callbacks() as ticks:
            for occurrence in "123":
                queue(ada, occurrence)
        assert len(ticks) == 1

    def test_many_at_once_are_the_same_rows_as_one_by_one(
        self, ada: User, letter: Letter, django_capture_on_commit_callbacks: Callable
    ) -> None:
        nia = UserFactory(email="nia@employer.example")
        parts = [(ada, ada, "1"), (ada, nia, "1"), (ada, nia, "1"), (ada, ada, "2")]
        letters = [services.Letter("tests.letter", *part) for part in parts]
        with django_capture_on_commit_callbacks() as ticks:
            first = queue(ada, "1")
            services.queue_all(letters)
            services.queue_all(letters)
        assert len(ticks) == 1
        assert Message.objects.count() == 3
        assert queue(ada, "1").pk == first.pk
        assert Message.objects.get(recipient=nia).about == ada

    def test_many_at_once_about_the_past_are_not_sent(self, ada: User, letter: Letter, sink: Sink) -> None:
        with services.muted("It happened before this system."):
            services.queue_all(services.Letter("tests.letter", ada, ada, which) for which in "12")
        deliver_all()
        assert sink.received == []
        assert set(Message.objects.values_list("state", flat=True)) == {State.SKIPPED}

    def test_an_unknown_kind_is_refused(self, ada: User) -> None:
        with pytest.raises(KeyError):
            services.queue(kind="tests.nonsense", about=ada, to=ada)

    def test_the_past_is_written_down_and_not_sent(self, ada: User, letter: Letter, sink: Sink) -> None:
        with services.muted("It happened before this system."):
            queue(ada)
        deliver_all()
        assert sink.received == []
        assert Message.objects.get().reason == "It happened before this system."


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


class TestWorkersThatDie:
    def test_a_claimed_row_is_left_alone_and_claimed_again_after_ten_minutes(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        assert len(claim()) == 1  # and the worker dies here
        assert deliver_all() == 0
        move_clock(NOON + dt.timedelta(minutes=11))
        assert deliver_all() == 1

    def test_a_doubled_mail_has_the_same_message_id(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        (message,) = claim()
        send(message)
        Message.objects.update(state=State.SENDING, sent_at=None)  # as if the mark had been lost
        move_clock(NOON + dt.timedelta(minutes=11))
        deliver_all()
        first, second = sink.received
        assert first["Message-ID"] == second["Message-ID"]

    def test_the_message_id_is_kept_before_the_first_attempt(self, ada: User, letter: Letter) -> None:
        queue(ada)
        (message,) = claim()
        assert Message.objects.get().message_id == f"<{message.pk}@comc.example>"

    def test_who_was_presumed_dead_does_not_overwrite_what_another_wrote(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        (slow,) = claim()
        move_clock(NOON + dt.timedelta(minutes=11))
        deliver_all()
        sink.answers[ada.email] = "550 No such user"
        send(slow)
        message = Message.objects.get()
        assert (message.state, message.reason) == (State.SENT, "")

    def test_how_long_a_silent_worker_is_waited_for_is_a_setting(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable, settings: object
    ) -> None:
        settings.MAIL_STUCK_AFTER = 30
        move_clock(NOON)
        queue(ada)
        claim()
        move_clock(NOON + dt.timedelta(seconds=31))
        assert deliver_all() == 1

    def test_what_a_dead_run_left_is_free_at_once_and_waits_when_too_many_die_of_it(
        self, ada: User, letter: Letter, move_clock: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("outbox.claims._ask", lambda *_: True)  # as if their sessions were gone
        move_clock(NOON)
        queue(ada)
        for deaths in range(1, len(BACK_OFF) + 2):
            Message.objects.update(next_attempt_at=NOON)
            assert len(claim(1, number=deaths)) == 1
            assert give_back(0) == 1
            message = Message.objects.get()
            assert (message.next_attempt_at > clock.now()) == (DEATHS <= deaths <= len(BACK_OFF))
        assert message.state == State.FAILED


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


class TestAHandful:
    def test_what_is_not_handed_over_soon_goes_back_as_if_never_claimed(
        self, ada: User, letter: Letter, sink: Sink, settings: object
    ) -> None:
        settings.MAIL_STUCK_AFTER = 0  # nothing counts for longer than no time at all
        for occurrence in "123":
            queue(ada, occurrence)
        assert deliver_all(limit=3) == 3
        assert sink.received == []
        assert set(Message.objects.values_list("state", "attempts")) == {(State.WAITING, 0)}

    def test_no_more_than_a_handful_is_claimed_at_once(self, ada: User, letter: Letter) -> None:
        for occurrence in range(HANDFUL + 1):
            queue(ada, str(occurrence))
        claim(HANDFUL)
        assert Message.objects.filter(state=State.SENDING).count() == HANDFUL

    def test_one_whose_object_cannot_be_read_blocks_no_other(self, ada: User, letter: Letter, sink: Sink) -> None:
        broken = queue(ada, "1")
        queue(ada, "2")
        gone = ContentType.objects.create(app_label="tests", model="gone")
        Message.objects.filter(pk=broken.pk).update(content_type=gone)
        deliver_all()
        assert len(sink.received) == 1
        broken.refresh_from_db()
        assert broken.state in {State.SKIPPED, State.FAILED}

    def test_the_next_is_made_while_one_is_taken_in_unless_it_is_to_the_same_person(
        self, ada: User, letter: Letter, sink: Sink
    ) -> None:
        made, seen = [], []

        def taken() -> None:
            ends = time.monotonic() + 0.3
            while len(made) < len(seen) + 2 and time.monotonic() < ends:
                time.sleep(0.01)
            seen.append(len(made))

        letter.meanwhile, sink.meanwhile = lambda: made.append(1), taken
        nia = UserFactory(email="nia@employer.example")
        for user, occurrence in ((ada, "1"), (nia, "2"), (nia, "3")):
            queue(user, occurrence)
        deliver_all()
        assert seen == [2, 2, 3]

    def test_a_run_that_leaves_something_over_asks_for_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        monkeypatch.setattr(tasks.deliver, "try_delay", lambda: asked.append(1))
        for done in (tasks.RUN - 1, tasks.RUN):
            monkeypatch.setattr(tasks, "deliver_all", lambda done=done: done)
            tasks.deliver()
        assert len(asked) == 1


class TestTheLine:
    def test_one_run_is_one_connection(self, ada: User, letter: Letter, sink: Sink) -> None:
        for occurrence in "123":
            queue(ada, occurrence)
        deliver_all()
        assert (len(sink.received), len(sink.sessions)) == (3, 1)

    def test_after_a_drop_in_mid_data_the_rest_goes_over_a_new_one(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        sink.drops = 1
        for occurrence in "123":
            queue(ada, occurrence)
        deliver_all()
        assert sorted(Message.objects.values_list("state", flat=True)) == [State.SENT, State.SENT, State.WAITING]
        assert len(sink.sessions) == 2
        move_clock(NOON + dt.timedelta(minutes=2))
        deliver_all()
        assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
        assert len(sink.received) == 3

    def test_a_server_that_can_is_told_all_at_once(
        self, ada: User, letter: Letter, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def greet(server: object, session: Any, envelope: object, name: str, offers: list[str]) -> list[str]:
            session.host_name = name
            return [offers[0], "250-PIPELINING", *offers[1:]]

        said, say = [], smtplib.SMTP.docmd
        monkeypatch.setattr(sink, "handle_EHLO", greet, raising=False)
        monkeypatch.setattr(smtplib.SMTP, "docmd", lambda self, *words: said.append(words[0]) or say(self, *words))
        sink.answers["nobody@employer.example"] = "550 No such user"
        for user in (ada, UserFactory(email="nobody@employer.example"), UserFactory()):
            queue(user)
        deliver_all()
        assert sorted(Message.objects.values_list("state", flat=True)) == [State.FAILED, State.SENT, State.SENT]
        reason = "The mail server refused the address: 550 No such user"
        assert Message.objects.get(state=State.FAILED).reason == reason
        assert (len(sink.received), set(said)) == (2, {"quit"})

    def test_a_refused_password_is_nobodys_message(
        self, ada: User, letter: Letter, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise smtplib.SMTPAuthenticationError(535, b"Wrong password")

        monkeypatch.setattr(smtplib.SMTP, "ehlo", refuse)
        queue(ada)
        deliver_all()
        message = Message.objects.get()
        assert message.state == State.WAITING
        assert "535" in message.reason


@pytest.mark.django_db(transaction=True)
def test_a_claim_lasts_as_long_as_the_session_that_made_it(letter: Letter, sink: Sink) -> None:
    for user in UserFactory.create_batch(3):
        queue(user)
    claimed, may_die = Event(), Event()

    def die() -> None:
        with run() as number:
            claim(3, number)
            claimed.set()
            may_die.wait(10)
            connection.close()  # what PostgreSQL sees of a SIGKILL

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(die)
        claimed.wait(10)
        assert deliver_all() == 0
        may_die.set()
        worker.result()
    assert deliver_all() == 3
    assert len(sink.received) == 3


@pytest.mark.django_db(transaction=True)
def test_five_workers_send_each_message_once(letter: Letter, sink: Sink) -> None:
    for user in UserFactory.create_batch(30):
        queue(user)

    def work() -> int:
        try:
            return deliver_all()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        done = sum(worker.result() for worker in [pool.submit(work) for _ in range(5)])
    assert done == 30
    assert len({mail["Message-ID"] for mail in sink.received}) == len(sink.received) == 30
