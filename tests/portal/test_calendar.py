"""A calendar link on its page, and the calendar behind it as a calendar program asks for it."""

import datetime as dt
import io
import logging
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config
from icalendar import Calendar

from circles.models import CalendarFeed, Membership
from circles.services import membership
from circles.services.feeds import make_feed
from comc.logs import LineFormatter, without_secrets
from participants.models import Enrolment
from portal.views import calendar as calendar_view
from tests.factories import MembershipFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/calendar/"


@pytest.fixture
def me() -> Enrolment:
    cache.clear()  # an earlier test's rate limits
    seat = MembershipFactory()
    SessionFactory(circle=seat.circle)
    return seat.enrolment


def address(token: str) -> str:
    return reverse("portal:calendar_feed", args=[token])


def test_the_link_is_shown_once_and_rotated_and_switched_off(client: Client, me: Enrolment, settings: object) -> None:
    settings.BASE_URL = "https://circles.example"
    client.force_login(me.user)
    assert "You have no link yet" in client.get(PAGE).content.decode()
    made = client.post(f"{PAGE}new/")
    (token,) = re.findall(r'value="https://circles.example/cal/([\w-]{43})\.ics"', made.content.decode())
    assert f'href="webcal://circles.example/cal/{token}.ics"' in made.content.decode()
    # The page’s own address gives nothing away; without a referrer its buttons would send no origin and be refused.
    assert (made["Referrer-Policy"], made["Cache-Control"]) == ("same-origin", "no-store, private")
    assert token not in str([dict(client.session), CalendarFeed.objects.values().get()])
    again = client.get(PAGE).content.decode()
    assert "Your link is on" in again
    assert "/cal/" not in again
    assert Client().get(address(token)).status_code == 200
    assert "Not yet" not in client.get(PAGE).content.decode()
    client.post(f"{PAGE}new/")
    assert Client().get(address(token)).status_code == 404
    assert "is switched off" in client.post(f"{PAGE}off/", follow=True).content.decode()
    assert not CalendarFeed.objects.exists()


def test_another_persons_link_is_not_touched(client: Client, me: Enrolment) -> None:
    token = make_feed(user=me.user, by=me.user)
    client.force_login(MembershipFactory().enrolment.user)
    client.post(f"{PAGE}off/")
    client.post(f"{PAGE}new/")
    assert Client().get(address(token)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "new/"), ("post", "off/"), ("post", "wording/")])
def test_without_a_circle_there_is_no_such_page(client: Client, method: str, path: str) -> None:
    client.force_login(UserFactory())
    assert getattr(client, method)(PAGE + path).status_code == 404


def test_the_account_page_leads_to_it_where_there_is_a_circle(client: Client, me: Enrolment) -> None:
    client.force_login(me.user)
    assert PAGE in client.get(reverse("portal:account")).content.decode()
    client.force_login(UserFactory())
    assert PAGE not in client.get(reverse("portal:account")).content.decode()


def test_the_wording_is_switched_on_the_account_page(client: Client, me: Enrolment) -> None:
    client.force_login(me.user)
    assert "Make it discreet" in client.get(reverse("portal:account")).content.decode()
    answer = client.post(f"{PAGE}wording/", {"discreet": "yes"}, follow=True).content.decode()
    assert "Use the usual titles" in answer
    assert "say “Meeting” and no more from now on" in answer
    assert "Make it discreet" in client.post(f"{PAGE}wording/", {"discreet": "no"}, follow=True).content.decode()


def test_what_a_calendar_program_gets(me: Enrolment) -> None:
    """No cookie, no sign-in, nothing kept on the way; asked again with its mark, it is told that nothing changed."""
    url = address(make_feed(user=me.user, by=me.user))
    got = Client().get(url)
    assert got["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(got.content).walk("VEVENT")) == 1
    assert not got.cookies
    same = Client().get(url, headers={"if-none-match": got["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = Client().head(url)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    for response in (got, same, head):
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Referrer-Policy"] == "no-referrer"
    SessionFactory(circle=Membership.objects.get().circle, number=2)
    assert Client().get(url, headers={"if-none-match": got["ETag"]}).status_code == 200
    assert Client().post(url).status_code == 405


def test_being_asked_changes_the_day_of_use_and_nothing_else(me: Enrolment) -> None:
    url = address(make_feed(user=me.user, by=me.user))
    before = CalendarFeed.objects.values().get()
    Client().get(url)
    after = CalendarFeed.objects.values().get()
    assert {name for name in before if before[name] != after[name]} == {"last_used_on"}
    CalendarFeed.objects.update(last_used_on=after["last_used_on"] - dt.timedelta(days=1))
    Client().head(url)
    assert CalendarFeed.objects.values().get() == after


def test_every_dead_link_is_the_same_404(me: Enrolment) -> None:
    """Never made, mistyped, replaced, of somebody who has left: nobody can tell which."""
    replaced = make_feed(user=me.user, by=me.user)
    lefts = make_feed(user=me.user, by=me.user)
    membership.withdraw(enrolment=me, by=None)
    answers = [Client().get(address(token)) for token in (replaced, lefts, "no-such-token", lefts[:-1])]
    assert {(one.status_code, one.content, str(sorted(one.headers.items()))) for one in answers} == {
        (404, answers[0].content, str(sorted(answers[0].headers.items())))
    }
    assert answers[0]["X-Robots-Tag"] == "noindex"
    assert answers[0]["Cache-Control"] == "private, no-store"


def test_a_link_that_is_there_ends_only_after_a_question(client: Client, me: Enrolment) -> None:
    pages = [reverse("portal:make_calendar_link"), reverse("portal:switch_off_calendar_link")]
    client.force_login(me.user)
    assert {client.get(page).url for page in pages} == {reverse("portal:calendar")}  # nothing to end
    url = address(make_feed(user=me.user, by=me.user))
    for page in pages:
        assert "can’t be brought back" in client.get(page).content.decode()
    assert Client().get(url).status_code == 200
    client.post(pages[1])
    assert Client().get(url).status_code == 404


def test_a_flood_is_refused(me: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_view, "MOST", 2)
    url = address(make_feed(user=me.user, by=me.user))
    answers = [Client().get(url) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "3600"


# --- the log ------------------------------------------------------------------------------------------


def test_no_token_reaches_the_log(me: Enrolment) -> None:
    """Django writes the address of every 404 and of every failure; our line of it has the token cut out."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter(project.LOGGING["formatters"]["line"]["format"]))
    logging.getLogger("django.request").addHandler(handler)
    token = make_feed(user=me.user, by=me.user)
    try:
        membership.withdraw(enrolment=me, by=None)
        Client().get(address(token))
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert "/cal/[hidden].ics" in written.getvalue()
    assert token not in written.getvalue()


def test_the_log_is_written_by_that_line() -> None:
    assert project.LOGGING["formatters"]["line"]["()"] == "comc.logs.LineFormatter"
    assert project.LOGGING["handlers"]["console"]["formatter"] == "line"


def test_no_token_reaches_the_log_of_the_web_server(tmp_path: Path) -> None:
    """A line as gunicorn itself writes it, in its own format, for the address and for the page that led to it."""
    log, token = tmp_path / "access.log", "a" * 43
    server = Config()
    server.set("logger_class", runpy.run_path("gunicorn.conf.py")["logger_class"])
    server.set("accesslog", str(log))
    logger = server.logger_class(server)
    path = f"/cal/{token}.ics"
    asked = {
        "REQUEST_METHOD": "GET", "RAW_URI": path, "PATH_INFO": path, "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://circles.example{path}",
    }  # fmt: skip
    answered = SimpleNamespace(status="200 OK", sent=1200, headers=[])
    try:
        logger.access(answered, SimpleNamespace(headers=[]), asked, dt.timedelta(milliseconds=3))
    finally:
        for handler in list(logger.access_log.handlers):
            logger.access_log.removeHandler(handler)
            handler.close()
    line = log.read_text()
    assert '"GET /cal/[hidden].ics HTTP/1.1" 200 1200 "https://circles.example/cal/[hidden].ics"' in line
    assert token not in line


@pytest.mark.parametrize(
    "name",
    [
        "calendar_feed",
        "join_session",
        "reply_by_link",
        "event_by_link",
        "invitation",
        "apply",
        "poll_by_link",
        "stand_in_by_link",
        "attendance_by_link",
        "unsubscribe",
    ],
)
def test_every_kind_of_secret_link_is_cut(name: str) -> None:
    line = f'"GET {reverse(f"portal:{name}", args=["WyJzIiwi:a_b-c"])} HTTP/1.1" 500'
    assert "[hidden]" in without_secrets(line)
    assert "WyJz" not in without_secrets(line)
    assert "a_b-c" not in without_secrets(line)


@pytest.mark.parametrize(
    "address", ["/%63al/abcSECRETdef.ics", "/cal%2FabcSECRETdef%2Eics", "/%6Aoin/a%0Ab/../join/SECRET"]
)
def test_an_encoded_address_holds_the_same_secret(address: str) -> None:
    line = without_secrets(f'"GET {address} HTTP/1.1" 200 "https://circles.example{address}"')
    assert "SECRET" not in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "line", ["Not Found: /session/1234/reply/", "Not Found: /session/1234/stand-in/end/", "GET /faq/?q=%63al HTTP/1.1"]
)
def test_other_addresses_are_left_alone(line: str) -> None:
    assert without_secrets(line) == line
