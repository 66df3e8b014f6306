"""A real Chromium, a real mail server on loopback, and a real Celery worker with beat, beside the live server."""

import datetime as dt
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts import clock
from accounts.models import User
from comc.browser import arguments, on_path
from tests.browser.pages import Visitor, sign_in_as
from tests.browser.shapes import Seen
from tests.browser.walking import WIDTHS, Walker
from tests.world import World, build, put_letter

# Playwright runs an event loop in this thread; the ORM would refuse to be called beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=on_path(), args=arguments())
        yield chromium
        chromium.close()


MORNING = dt.datetime(2026, 6, 2, 10, tzinfo=clock.LONDON)  # a Tuesday
OPEN_PAGES = pytest.StashKey[list[Page]]()


class Mailbox:
    """Keeps what the mail server received, in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in message["To"]]

    def wait_for(self, address: str, subject: str, *, since: int = 0, seconds: float = 90) -> EmailMessage:
        """The newest message to the address with these words in its subject, as soon as it has come.

        `since` is how many messages there were before; only later ones count.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed(self.messages[since:]):
                if address in message["To"] and subject.casefold() in message["Subject"].casefold():
                    return message
            time.sleep(0.1)
        found = [f"{m['To']}: {m['Subject']}" for m in self.messages]
        raise AssertionError(f"No mail “{subject}” to {address}. There are: {found}")


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def links_in(message: EmailMessage) -> list[str]:
    return re.findall(r"https?://[^\s<>]+", text_of(message))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    handler = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    controller.stop()


@pytest.fixture
def product(live_server, settings, mailbox, tmp_path: Path) -> Iterator[str]:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    """The whole product running: its address. Set up as a new copy is, with nobody in it."""
    settings.BASE_URL = live_server.url
    cache.clear()  # an earlier run's rate limits
    call_command("set_up", verbosity=0)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "BASE_URL": live_server.url,
        "TICK_SECONDS": "1",
        "C_FORCE_ROOT": "1",
    }
    command = [sys.executable, "-m", "celery", "-A", "comc", "worker", "--beat", "--pool", "threads",
               "--concurrency", "2", "--schedule", str(tmp_path / "beat"), "--loglevel", "error"]  # fmt: skip
    log = (tmp_path / "celery.log").open("w")
    worker = subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    yield live_server.url
    worker.terminate()
    try:
        worker.wait(timeout=15)
    except subprocess.TimeoutExpired:
        worker.kill()
    log.close()
    if "Traceback" in (words := (tmp_path / "celery.log").read_text()):
        pytest.fail(f"The worker failed:\n{words[-3000:]}")


def database_url() -> str:
    """The test database's own address, for a process outside this one."""
    s = connection.settings_dict
    return f"postgres://{s['USER']}:{s['PASSWORD']}@{s['HOST']}:{s['PORT']}/{s['NAME']}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Keep pictures of every open page when a journey fails, in the ignored folder `screenshots`."""
    report = yield
    if report.when == "call" and report.failed:
        folder = Path(django_settings.BASE_DIR, "screenshots")
        folder.mkdir(exist_ok=True)
        for number, page in enumerate(item.stash.get(OPEN_PAGES, [])):
            page.screenshot(path=folder / f"{item.name}-{number}.png", full_page=True)
            report.sections.append((f"page {number}: {page.url}", page.locator("body").inner_text()[:3000]))
    return report


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Callable[..., Visitor]]:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    """A person with a browser of their own: `visit("coordinator")`; options are Playwright's for a context."""
    contexts: list[BrowserContext] = []

    def open_browser(name: str = "visitor", **options: object) -> Visitor:
        context = browser.new_context(
            base_url=live_server.url, locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce", **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page: Page = context.new_page()
        request.node.stash.setdefault(OPEN_PAGES, []).append(page)
        return Visitor(name, page)

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def world(live_server, settings, tmp_path: Path) -> World:  # type: ignore[no-untyped-def]  # pytest-django's fixtures
    """A small programme with somebody in every role, made without a browser."""
    settings.BASE_URL, settings.MAIL_SINK_DIR = live_server.url, str(tmp_path)
    cache.clear()  # an earlier run's rate limits
    made = build()
    made.letter = put_letter(tmp_path)
    return made


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Shared by the processes of a run: theirs are folders side by side."""
    own = tmp_path_factory.getbasetemp()
    return Seen((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shapes")


@pytest.fixture
def walk(visit: Callable[..., Visitor], seen: Seen, live_server) -> Iterator[Callable[..., Walker]]:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    """Somebody at one width, signed in: `walk("phone", user)`; a visitor where there is no user."""
    walkers: list[Walker] = []

    def start(width: str, user: User | None = None, **options: object) -> Walker:
        visitor = visit(f"{user or 'visitor'}, {width}", viewport=WIDTHS[width], **options)
        if user is not None:
            sign_in_as(visitor, user, live_server.url)
        walkers.append(Walker(visitor, seen if options.get("java_script_enabled", True) else None, width))
        return walkers[-1]

    yield start
    for walker in walkers:
        walker.visitor.no_faults()


@pytest.fixture
def town(move_clock: Callable[[dt.datetime], None], request: pytest.FixtureRequest) -> World:
    """The same programme on a day around which no day is a holiday, so that whoever proposes dates may."""
    move_clock(MORNING)
    return request.getfixturevalue("world")
