"""The same code as production: what it demands at the start, and what it answers."""

import os
import re
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from comc.check import PRODUCTION
from comc.embedded import free_port

# One worker has the web process; started once, it serves every test here.
pytestmark = pytest.mark.xdist_group("production")

REQUIRED = ["SECRET_KEY", "FIELD_KEYS", "BASE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]


def environment(**more: str) -> dict[str, str]:
    return os.environ | PRODUCTION | more


def start(code: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment(**more), capture_output=True, text=True
    )


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_stops_the_start_and_is_named(name):
    result = start("import comc.settings", **{name: ""})
    assert result.returncode != 0
    assert f"Set the environment variable {name}." in result.stderr


def test_production_is_the_mode_when_none_is_said():
    result = start("import comc.settings as s; print(s.PRODUCTION, s.DEBUG, s.ONE_CLICK_SIGN_IN, s.CLOCK_MAY_MOVE)",
                   COMC_MODE="production")  # fmt: skip
    assert result.stdout.split() == ["True", "False", "False", "False"]
    without = {key: value for key, value in environment().items() if key != "COMC_MODE"}
    result = subprocess.run([sys.executable, "-c", "import comc.settings as s; print(s.MODE)"],
                            cwd=settings.BASE_DIR, env=without, capture_output=True, text=True)  # fmt: skip
    assert result.stdout.strip() == "production"


def test_production_refuses_one_click_sign_in():
    result = start("import comc.settings", COMC_ONE_CLICK_SIGN_IN="1")
    assert "demonstration mode only" in result.stderr


def test_production_refuses_to_move_the_clock():
    code = "import django; django.setup(); from accounts import clock; clock.move_to(clock.now())"
    assert "cannot be moved in production" in start(code, DJANGO_SETTINGS_MODULE="comc.settings").stderr


@pytest.fixture(scope="module")
def production(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web process as `docker-compose.yml` runs it, on the test database, behind a pretended proxy."""
    port = free_port()
    database = connection.settings_dict
    env = environment(
        DATABASE_URL=f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
        f"{database['NAME']}",
        STATIC_ROOT=str(tmp_path_factory.mktemp("static")),
        TRUSTED_PROXY_COUNT="1",
    )
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=env, check=True)
    command = [sys.executable, "-m", "gunicorn", "comc.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env)
    for _ in range(600):
        assert server.poll() is None, "The web process ended by itself."
        try:
            get(f"http://127.0.0.1:{port}/health/")
            break
        except OSError:
            time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=20)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def get(url: str, *, secure: bool = True) -> HTTPResponse:
    headers = {"Host": PRODUCTION["ALLOWED_HOSTS"]} | ({"X-Forwarded-Proto": "https"} if secure else {})
    opener = urllib.request.build_opener(NoRedirect)
    try:
        return opener.open(urllib.request.Request(url, headers=headers), timeout=20)
    except urllib.error.HTTPError as answer:
        return answer


def test_the_production_web_process_answers_safely(production):
    page = get(f"{production}/")
    policy = page.headers["Content-Security-Policy"]
    assert page.status == 200
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    styles = re.search(r'href="(/static/build/site\.[0-9a-f]+\.css)"', page.read().decode()).group(1)
    assert get(production + styles).status == 200


def test_the_production_web_process_insists_on_tls_and_safe_cookies(production):
    assert get(f"{production}/", secure=False).status == 301
    assert get(f"{production}/health/", secure=False).status == 200
    cookies = get(f"{production}/account/login/code/").headers.get_all("Set-Cookie")
    assert all(cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


@pytest.mark.parametrize("path", ["/demo/", "/demo/mail/", "/demo/clock/", "/demo/gallery/"])
def test_demonstration_pages_do_not_exist_in_production(production, path):
    assert get(production + path).status == 404


def test_every_dependency_is_locked_with_hashes_and_without_addresses():
    root = Path(settings.BASE_DIR)
    wanted = tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (root / "requirements" / "production.txt").read_text()
    for dependency in wanted:
        name = re.match(r"[a-z0-9-]+", dependency.casefold()).group()
        assert re.search(rf"(?m)^{name}(\[.*\])?==.*\\\n +--hash=sha256:", locked), dependency
    for lock in ("requirements/production.txt", "requirements/development.txt", "package-lock.json"):
        assert not re.search(r"https?://[^\s\"]*/(simple|packages|-)/", (root / lock).read_text()), lock
