"""The short way through the staff site: the lists from which work starts, as far as one may see them, and help."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# What the list is called, its model, and the first words of addresses of workflow pages that belong to it.
SECTIONS = [
    ("Tasks", "Task", ["task"]),
    ("Interests", "Interest", ["interest", "list/organisations.interest"]),
    ("Organisations", "Organisation", ["organisation", "participation", "list/organisations.organisation"]),
    ("Cohorts", "Cohort", ["cohort", "formation", "announcement", "past-cohorts"]),
    ("Nominations", "Nomination", ["list/participants.nomination"]),
    ("Enrolments", "Enrolment", ["enrolment", "list/participants.enrolment"]),
    ("Circles", "Circle", ["circle"]),
    ("People", "User", ["person", "people"]),
    ("Messages", "Message", ["wording"]),
]  # fmt: skip

Link = dict[str, Any]


def of(request: HttpRequest, apps: list[Any]) -> list[Link]:
    """Links to today's page and to each list among `apps`, which are what the person may see. It costs no query."""
    today = reverse("admin:index")
    lists = {model["object_name"]: model["admin_url"] for app in apps for model in app["models"] if model["admin_url"]}
    links = [_link(request, "Today", today)]
    for label, model, words in SECTIONS:
        if model in lists:
            below = (lists[model], *(f"{today}{word}/" for word in words))
            links.append(_link(request, label, lists[model], below))
    if request.user.is_authenticated and request.user.is_staff:
        handbook = reverse("admin:handbook")
        links.append(_link(request, "Handbook", handbook, (handbook,)))
    return links


def _link(request: HttpRequest, label: str, url: str, below: tuple[str, ...] = ()) -> Link:
    inside = "true" if request.path.startswith(below) else ""
    return {"label": label, "url": url, "current": "page" if request.path == url else inside}
