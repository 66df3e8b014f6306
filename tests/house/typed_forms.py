"""Forms of which what was typed would be lost with a session that has run out: found in the pages as they are sent.

A form takes part by `privacy.typed.put_back` in its view; where another view takes what it sends, that one names the
page of the form with `typed.sent_from`.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import RequestFactory
from django.urls import resolve

from privacy import typed

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
# Buttons, what a page puts there by itself, and what no session may hold: a file, a password.
NOT_TYPED = {"hidden", "submit", "button", "reset", "image", "file", "password"}
# By the name of the address: forms that need not come back.
EXCUSED = {
    "mfa_activate_totp": "a code that counts for half a minute",
    "account/2fa/totp/activate/": "a code that counts for half a minute",
    "admin:survey_preview": "shows a survey to the team, and can’t be sent",
    "admin:formation_board": "how long the computer may look for circles: one number, proposed anew",
    "admin:formation_ready": "how long the computer may look for circles: one number, proposed anew",
    "admin:formation_move": "one choice among circles as they stand, which may have changed meanwhile",
}


class Sent(HTMLParser):
    """A form: where it is sent to, the names of what is typed into it, and whether it says whose it is."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.to, self.is_sent, self.says_whose = "", False, False
        self.names: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.to, self.is_sent = urlsplit(said.get("action", "")).path, said.get("method", "").lower() == "post"
        elif tag in {"input", "select", "textarea"} and "name" in said:
            self.says_whose |= said["name"] == typed.WHOSE
            if tag != "input" or said.get("type", "text") not in NOT_TYPED:
                self.names.add(said["name"])


def lost(name: str, url: str, page: str) -> Iterator[str]:
    """What is wrong with each form of the page at `url` that would lose what is typed; `name` is the address's."""
    here = urlsplit(url).path
    for form in map(Sent, FORM.findall(page) if name not in EXCUSED else []):
        there = form.to or here
        if not form.is_sent or not form.names or not getattr(resolve(there).func, "login_required", True):
            continue  # nothing to lose; or a page that never asks to sign in
        if not form.says_whose:
            yield f"loses {', '.join(sorted(form.names))}: see tests/house/typed_forms.py"
        elif _comes_back_to(there) != here:
            yield f"what it sends to {there} does not come back: see tests/house/typed_forms.py"


def _comes_back_to(path: str) -> str:
    request = RequestFactory().post(path)
    request.resolver_match = resolve(path)
    return typed.page_of(request, request.resolver_match.func)
