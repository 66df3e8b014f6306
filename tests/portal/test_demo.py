"""Pages of the demonstration, and that production has none of them."""

import datetime as dt
import os
import subprocess
import sys
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.services import default_reminder_rules
from portal.demo import letters, moves
from tests.factories import (
    CircleFactory,
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PRODUCTION = {
    "COMC_MODE": "production",
    "SECRET_KEY": "k" * 60,
    "FIELD_KEYS": "f" * 60,
    "BASE_URL": "https://comc.example",
    "ALLOWED_HOSTS": "comc.example",
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/comc",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


def in_production(code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Python with the settings of production."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "comc.settings", **PRODUCTION, **more}
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    return subprocess.run(command, env=environment, cwd=project.BASE_DIR, capture_output=True, text=True, check=False)


class TestProduction:
    def test_has_no_mail_sink(self, tmp_path: Path) -> None:
        done = in_production(
            "from django.core.management import call_command;"
            f"call_command('mail_sink', port=1, directory={str(tmp_path)!r})"
        )
        assert "The mail sink exists in demonstration and tests only." in done.stderr


class TestPeople:
    def test_lists_people_by_what_they_can_try(self, client: Client) -> None:
        StaffFactory(first_name="Lena", last_name="Lead")
        CoordinatorFactory(user__first_name="Cora", user__last_name="Ordinator")
        EnrolmentFactory(role="mentor", user__first_name="Mo", user__last_name="Mentor")
        EnrolmentFactory(user__first_name="Mina", user__last_name="Mentee")
        EnrolmentFactory(state="withdrawn", user__first_name="Gone", user__last_name="Away")
        page = client.get("/demo/")
        assert [group.title for group in page.context["groups"]] == [
            "Programme team", "Coordinators", "Mentors", "Mentees",
        ]  # fmt: skip
        for name in ("Lena Lead", "Cora Ordinator", "Mo Mentor", "Mina Mentee"):
            assert name in page.content.decode()
        assert "Gone Away" not in page.content.decode()

    def test_finds_anybody_by_name(self, client: Client) -> None:
        UserFactory(first_name="Zoë", last_name="Hidden")
        assert "Zoë Hidden" in client.get("/demo/", {"q": "zoe hid"}).content.decode()
        assert "Nobody in this demonstration" in client.get("/demo/", {"q": "nobody like this"}).content.decode()

    def test_says_what_to_do_when_nobody_is_there(self, client: Client) -> None:
        assert "Nobody is here yet" in client.get("/demo/").content.decode()

    def test_costs_the_same_with_one_and_three(self, client: Client, count_queries: Any) -> None:
        def one_of_each() -> None:
            StaffFactory()
            CoordinatorFactory()
            EnrolmentFactory(role="mentor")
            EnrolmentFactory()

        one_of_each()
        once = count_queries(lambda: client.get("/demo/"))
        one_of_each()
        one_of_each()
        assert count_queries(lambda: client.get("/demo/")) == once == 12


class TestSignIn:
    def test_a_link_only_shows_a_button(self, client: Client) -> None:
        person = UserFactory(first_name="Mina")
        page = client.get(reverse("demo:sign_in", args=[person.pk]))
        assert "Sign in as Mina" in page.content.decode()
        assert "_auth_user_id" not in client.session

    def test_the_button_signs_in(self, client: Client) -> None:
        person = UserFactory()
        assert client.post(reverse("demo:sign_in", args=[person.pk])).url == reverse("portal:home")
        assert client.session["_auth_user_id"] == str(person.pk)

    def test_staff_go_to_their_own_front_page(self, client: Client) -> None:
        assert client.post(reverse("demo:sign_in", args=[StaffFactory().pk])).url == reverse("admin:index")

    def test_being_somebody_else_next_leaves_nothing_behind(self, client: Client) -> None:
        first, second = UserFactory(), UserFactory()
        client.post(reverse("demo:sign_in", args=[first.pk]))
        client.session["left"] = True
        before = client.session.session_key
        client.post(reverse("demo:sign_in", args=[second.pk]))
        assert client.session.session_key != before
        assert client.session["_auth_user_id"] == str(second.pk)

    def test_a_deactivated_person_cannot(self, client: Client) -> None:
        person = UserFactory(is_active=False)
        assert client.post(reverse("demo:sign_in", args=[person.pk])).status_code == 404


@pytest.fixture
def sink(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_SINK_DIR = str(tmp_path)
    return tmp_path


def put(folder: Path, name: str, subject: str, html: str = "", calendar: str = "") -> None:
    message = EmailMessage()
    message["To"] = "Mina Mentee <mina@employer.example>"
    message["Subject"] = subject
    message["Message-ID"] = f"<{name}@comc.example>"
    message.set_content("Read it at https://comc.example/home/ <script>alert(1)</script>")
    if html:
        message.add_alternative(html, subtype="html")
    if calendar:
        message.add_alternative(calendar, subtype="calendar")
    (folder / f"{name}.eml").write_bytes(message.as_bytes(policy=policy.SMTP))  # with the line ends of real mail


class TestMail:
    def test_newest_first(self, client: Client, sink: Path) -> None:
        for name, subject in (("1700000000000-9", "Second"), ("1700000000000-10", "Third"), ("999-1", "First")):
            put(sink, name, subject)
        page = client.get("/demo/mail/").content.decode()
        assert page.index("Third") < page.index("Second") < page.index("First")
        assert "Mina Mentee &lt;mina@employer.example&gt;" in page

    def test_many_are_shown_in_pages(self, client: Client, sink: Path) -> None:
        for number in range(51):
            put(sink, f"17000000000{number:02}-1", f"Message {number}.")
        assert "Message 0." not in client.get("/demo/mail/").content.decode()
        assert "Message 0." in client.get("/demo/mail/", {"page": 2}).content.decode()

    def test_is_found_by_whom_it_went_to(self, client: Client, sink: Path) -> None:
        put(sink, "1700000000000-1", "Hello")
        for words in ("mina mentee", "MINA@employer"):
            assert "Hello" in client.get("/demo/mail/", {"to": words}).content.decode()
        page = client.get("/demo/mail/", {"to": "Hello"}).content.decode()
        assert "No message to anybody of that name or address." in page

    def test_says_so_when_there_is_none(self, client: Client, sink: Path) -> None:
        assert "No mail yet" in client.get("/demo/mail/").content.decode()

    def test_says_so_when_this_copy_has_no_sink(self, client: Client, settings: Any) -> None:
        settings.MAIL_SINK_DIR = ""
        assert "This copy keeps no mail" in client.get("/demo/mail/").content.decode()

    def test_a_message_is_shown_as_text_with_its_links(self, client: Client, sink: Path) -> None:
        put(sink, "1700000000000-1", "Hello", calendar="BEGIN:VCALENDAR")
        page = client.get("/demo/mail/1700000000000-1/").content.decode()
        assert '<a href="https://comc.example/home/"' in page
        assert "<script>alert" not in page
        assert "BEGIN:VCALENDAR" in page
        assert "<iframe" not in page

    def test_its_html_is_framed_without_script(self, client: Client, sink: Path) -> None:
        put(sink, "1700000000000-1", "Hello", html="<html><head><style>\nb {}\n</style></head><b>Hi</b></html>")
        assert "<iframe" in client.get("/demo/mail/1700000000000-1/").content.decode()
        part = client.get("/demo/mail/1700000000000-1/html/")
        header = part["Content-Security-Policy"]
        assert "default-src 'none'" in header
        assert "frame-ancestors 'self'" in header
        assert "sandbox allow-top-navigation-by-user-activation" in header
        assert "unsafe" not in header
        assert "\r" not in part.content.decode()  # a browser hashes the sheet with plain line ends
        assert f"style-src {letters.style_hashes('<style>' + chr(10) + 'b {}' + chr(10) + '</style>')[0]}" in header
        assert part["X-Frame-Options"] == "SAMEORIGIN"
        assert '<base target="_top">' in part.content.decode()

    def test_every_other_page_cannot_be_framed(self, client: Client, sink: Path) -> None:
        put(sink, "1700000000000-1", "Hello")
        page = client.get("/demo/mail/1700000000000-1/")
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]

    @pytest.mark.parametrize("name", ["1700000000000-2", "nothing"])
    def test_what_is_not_there_is_not_found(self, client: Client, sink: Path, name: str) -> None:
        assert client.get(f"/demo/mail/{name}/").status_code == 404

    def test_no_other_file_can_be_read(self, sink: Path) -> None:
        (sink.parent / "secret.eml").write_text("Subject: secret\n\n")
        assert letters.get("../secret") is None


class TestClock:
    def test_goes_forward_and_back(self, client: Client, move_clock: Any) -> None:
        start = clock.now()
        client.post("/demo/clock/", {"move": "week"})
        assert dt.timedelta(days=6, hours=23) < clock.now() - start < dt.timedelta(days=7, hours=1)
        assert "The clock has been moved." in client.get("/demo/clock/").content.decode()
        client.post("/demo/clock/", {"move": "now"})
        assert abs(clock.now() - start) < dt.timedelta(minutes=1)

    def test_goes_to_the_next_key_date(self, client: Client) -> None:
        cohort = CohortFactory(launch=clock.today() + dt.timedelta(days=20))
        assert str(cohort) in moves.next_key_date_words()
        client.post("/demo/clock/", {"move": "next"})
        assert clock.today() == cohort.launch_from
        assert cohort.phase == "launch"

    def test_goes_to_a_day(self, client: Client) -> None:
        client.post("/demo/clock/", {"day": "2027-03-01"})
        assert clock.local(clock.now()).strftime("%Y-%m-%d %H") == "2027-03-01 09"

    def test_goes_to_the_next_reminder(self, client: Client, move_clock: Any) -> None:
        move_clock(dt.date(2026, 11, 23))
        cohort = CohortFactory(launch=dt.date(2026, 9, 7), published_at=clock.now())
        default_reminder_rules(cohort)
        circle = CircleFactory(cohort=cohort)
        SessionFactory(circle=circle, starts_at=dt.datetime(2026, 12, 3, 12, 30, tzinfo=clock.LONDON))
        assert "Thursday 26 November 2026, 12:30pm (UK\u00a0time)" in client.get("/demo/clock/").content.decode()
        client.post("/demo/clock/", {"move": "reminder"})
        assert f"{clock.local(clock.now()):%Y-%m-%d %H:%M}" == "2026-11-26 12:31"
        client.post("/demo/clock/", {"move": "reminder"})
        assert f"{clock.local(clock.now()):%Y-%m-%d %H:%M}" == "2026-12-02 12:31"
        assert "To the next reminder" not in client.get("/demo/clock/").content.decode()

    def test_says_when_reminders_wait_and_goes_to_where_they_do_not(self, client: Client) -> None:
        sunday = client.post("/demo/clock/", {"day": "2027-02-28"}, follow=True).content.decode()
        assert "Reminders wait for a working day" in sunday
        assert "next from Monday 1 March 2027, 8am (UK\u00a0time)" in sunday
        monday = client.post("/demo/clock/", {"move": "open"}, follow=True).content.decode()
        assert "What is due by then is sent" in monday
        assert "Reminders leave now" in monday
        assert clock.local(clock.now()).strftime("%Y-%m-%d %H") == "2027-03-01 08"

    @pytest.mark.parametrize("data", [{"move": "sideways"}, {"move": "next"}, {}])
    def test_a_move_to_nowhere_moves_nothing(self, client: Client, data: dict[str, str]) -> None:
        assert client.post("/demo/clock/", data).status_code == 200
        assert not clock.offset()

    def test_a_day_that_is_none_is_said_beside_it(self, client: Client) -> None:
        page = client.post("/demo/clock/", {"day": "someday"})
        assert page.status_code == 200
        assert "There is a problem" in page.content.decode()

    def test_looking_moves_nothing(self, client: Client) -> None:
        client.get("/demo/clock/", {"move": "week"})
        assert not clock.offset()
