"""Acting on several rows of an admin list, as staff do: choose, look at the page that asks, confirm."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.test import Client


def choose(client: Client, url: str, action: str, rows: Iterable[Any], **told: Any) -> HttpResponse:
    """The page that asks."""
    return client.post(url, {"action": action, "_selected_action": [str(row.pk) for row in rows], **told})


def act(client: Client, url: str, action: str, rows: Iterable[Any], **told: Any) -> HttpResponse:
    """Choose and confirm."""
    chosen = list(rows)
    page = choose(client, url, action, chosen)
    return choose(client, url, action, chosen, sure=page.context["fingerprint"], **told)
