"""The page that asks before an act which can't be taken back, and says what follows from it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

# Showing the page asks, sending its form acts; both stand at one address.
asks_first = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Caution:
    """`title` heads the page, `asks` the panel; `follows` says what comes of it, `quoted` is what it is about."""

    title: str
    asks: str
    follows: str
    confirm: str
    back: str
    eyebrow: str = ""
    quoted: str = ""


def ask(request: HttpRequest, caution: Caution) -> HttpResponse:
    """Confirming posts to the address at which the page stands."""
    return render(request, "portal/ask_first.html", {"asked": caution})
