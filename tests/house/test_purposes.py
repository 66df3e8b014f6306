"""Nobody of the team takes personal data away as a file, or acts on many people at once, without saying why (G-12)."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from circles.models import Announcement
from outbox import complaints
from participants.models import Nomination
from privacy import purposes
from privacy.models import AuditEvent
from privacy.purposes import PurposeForm
from staff import attention
from staff.lists import deleting
from staff.lists.export import asks_why
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    InterestFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
)
from tests.house import callers
from tests.staff.acting import choose
from ui import bulk

pytestmark = pytest.mark.django_db

# Every place from which a file leaves, and why nobody is asked what for there. `ASKS` are those that do ask.
ASKS = "asks first"
WAYS_OUT = {
    "staff/views/lists.py:attachment": "only makes the answer; whoever calls it stands here",
    "staff/views/lists.py:_file": ASKS,
    "staff/views/one_rule.py:_file": ASKS,
    "staff/views/lists.py:_template": "headings alone",
    "staff/views/nominees.py:_template": "headings alone",
    "staff/views/past_cohorts.py:_template": "headings alone",
    "staff/views/impact.py:_download": "released figures",
    "portal/views/certificate.py:pdf": "one's own",
    "portal/views/calendar.py:feed": "one's own",
    "portal/views/held.py:held_file": "one's own",
    "portal/views/progress.py:pdf": "one's own",
    "portal/views/recruiting.py:poster": "nobody is on it",
    "portal/views/nominations.py:template": "headings alone",
    "portal/views/coordinator.py:people_file": "a coordinator's own page as a file, no team member's; noted",
    "portal/views/coordinator_impact.py:pdf": "released figures",
}
APPS = ["staff", "portal", "surveys", "circles", "participants", "organisations", "cohorts", "content", "outbox",
        "privacy", "accounts", "ui"]  # fmt: skip
# Every page of the team from which many people can be written to or deleted, and why nobody is asked what for there.
STEP, ONE, CIRCLE = "a step of the plan, which is written down", "one person", "the people of one circle"
FOR_MANY = {
    "staff.views.announcements:send": ASKS,
    "staff.views.asking_again:ask_again": ASKS,
    "staff.views.events:call_off": ASKS,
    "staff.views.past_cohorts:undo": ASKS,
    "staff.views.renewals:renewals": ASKS,
    "staff.views.closing:close_cohort": STEP,
    "staff.views.formation.publication:publication": STEP,
    "staff.views.address:address": ONE,
    "staff.views.employer:employer": ONE,
    "staff.views.people:merge": ONE,
    "staff.views.undoing:undo": ONE,
    "staff.views.changes:decide": CIRCLE,
    "staff.views.changes:leave": CIRCLE,
    "staff.views.changes:mentor": CIRCLE,
    "staff.views.changes:merge_with": CIRCLE,
    "staff.views.changes:move": CIRCLE,
    "staff.views.changes:seat": CIRCLE,
    "staff.views.moving:cancel": CIRCLE,
    "staff.views.moving:move": CIRCLE,
    "staff.views.polls:decide": CIRCLE,
    "staff.views.sessions:end_stand_in": CIRCLE,
    "staff.views.interests:confirm_interest": "the coordinators of one organisation",
    "staff.views.interests:confirm_organisation": "the coordinators of one organisation",
}
LEAVES = re.compile(r"Content-Disposition|\battachment\(|FileResponse|StreamingHttpResponse")


def ways_out() -> Iterator[tuple[str, str]]:
    """Each function that hands out a file, by its module and name, with its source."""
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            text = path.read_text("utf-8")
            if not LEAVES.search(text):
                continue
            for node in ast.parse(text).body:
                source = ast.get_source_segment(text, node) or ""
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and LEAVES.search(source):
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.name}", source


def test_every_way_out_for_a_file_is_known_and_asks_or_says_why_not() -> None:
    assert {name for name, _ in ways_out()} == set(WAYS_OUT)
    for name in (name for name, says in WAYS_OUT.items() if says == ASKS):
        words = set(re.findall(r"\w+", Path(settings.BASE_DIR, name.partition(":")[0]).read_text("utf-8")))
        assert "note_export" in words, name
        assert words & {"asked", "PurposeForm"}, name


def test_every_page_that_acts_on_many_is_known_and_asks_or_says_why_not() -> None:
    assert callers.pages_for_many(APPS) == set(FOR_MANY)
    for page, says in FOR_MANY.items():
        module, name = page.split(":")
        source = Path(settings.BASE_DIR, *module.split(".")).with_suffix(".py").read_text("utf-8")
        asks = {"question(request", "unanswered(purpose)"} if says == ASKS else set()
        view = source[source.index(f"def {name}(") :]
        assert all(words in view for words in asks), page
        assert ("note_many(" if says == ASKS else "note_step(") in source or says not in (ASKS, STEP), page


def test_every_act_of_a_list_goes_through_the_page_that_asks() -> None:
    of_people = [(one, found) for one, found in admin.site._registry.items() if asks_why(one._meta.label_lower)]
    for model, model_admin in of_people:
        for name in model_admin.actions:
            source = inspect.getsource(getattr(type(model_admin), name))
            assert re.search(r"return ask\(self, request, queryset, ", source), f"{model.__name__}.{name}"
    assert "delete_few" in inspect.getsource(dict(admin.site.actions)["delete_selected"])


def test_what_a_rule_of_today_finds_leaves_with_a_purpose_alone(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    for rule in attention.RULES:
        url = reverse("admin:attention_rule", args=[rule.key])
        without, given = client.post(url), client.post(url, {"purpose": "person"})
        assert not without.has_header("Content-Disposition"), rule.key
        assert given.has_header("Content-Disposition") != rule.confided, rule.key
    noted = AuditEvent.objects.filter(verb="list.exported")
    assert noted.count() == sum(not rule.confided for rule in attention.RULES)
    assert {(one.data["purpose"], "request" in one.data) for one in noted} == {("person", True)}


def test_something_else_takes_words() -> None:
    assert PurposeForm({"purpose": "other"}).errors.keys() == {"purpose_words"}
    assert PurposeForm({"purpose": "x"}).errors.keys() == {"purpose"}
    form = PurposeForm({"purpose": "cohort", "purpose_words": "left over"})
    assert form.is_valid()
    assert form.said == {"purpose": "cohort"}


def test_an_act_on_many_asks_is_noted_and_stands_on_today(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purposes, "MANY", 2)
    monkeypatch.setattr(deleting, "MANY", 2)
    purposes.ask_before_bulk_acts()
    lead = StaffFactory(role="lead")
    client.force_login(lead)
    part = ParticipationFactory(cohort=CohortFactory())
    rows = [NominationFactory(participation=part) for _ in range(3)]
    url = reverse("admin:participants_nomination_changelist")
    few = choose(client, url, "withdraw", rows[:2])
    assert "What is it for" not in few.content.decode()
    sure = choose(client, url, "withdraw", rows).context["fingerprint"]
    again = choose(client, url, "withdraw", rows, sure=sure)
    assert "Choose what it is for" in again.content.decode()
    assert Nomination.objects.filter(state="invited").count() == 3
    told = {"sure": sure, "purpose": "other", "purpose_words": "Their office closes"}
    assert choose(client, url, "withdraw", rows, **told).status_code == 302
    line = AuditEvent.objects.get(verb="people.acted_on")
    del line.data["request"]
    assert line.data == {
        "act": "Withdraw them", "list": "participants.nomination", "rows": 3, "purpose": "other",
        "words": "Their office closes",
    }  # fmt: skip

    # A page of our own: writing to people of a cohort.
    people = [EnrolmentFactory(cohort=part.cohort) for _ in range(3)]
    draft = Announcement.objects.create(cohort=part.cohort, subject="Hello", text="Dates.", roles=[people[0].role])
    send = reverse("admin:announcement_send", args=[draft.pk])
    assert "Choose what it is for" in client.post(send).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert client.post(send, {"purpose": "cohort"}, headers={"x-request-id": "front-4711"}).status_code == 302
    assert AuditEvent.objects.filter(verb="people.acted_on").latest("at").data["request"] == "front-4711"

    page = client.get("/admin/").content.decode()
    for words in ("Withdraw them: 3 nominations", "Their office closes", "Send it: 3 people of a cohort", str(lead)):
        assert words in page
    client.force_login(StaffFactory(role="relationship_manager"))
    assert "Their office closes" not in client.get("/admin/").content.decode()

    # Who may not know that somebody complained reads of no file of complaints.
    assert purposes.lately(reader := StaffFactory(role="read_only"))
    complaints.receive(name="Nia", email="nia@mail.example", text="x")
    client.force_login(lead)
    client.post(reverse("admin:export_list", args=["privacy.complaint"]), {"kind": "csv", "purpose": "request"})
    assert len(purposes.lately(lead)) == len(purposes.lately(reader)) + 1
    assert "A file of 1 row: complaints" in client.get("/admin/").content.decode()

    # By hand only a few are deleted.
    client.force_login(lead)
    wrote = [InterestFactory() for _ in range(3)]
    url = reverse("admin:organisations_interest_changelist")
    assert "Are you sure" in choose(client, url, "delete_selected", wrote[:2]).content.decode()
    assert choose(client, url, "delete_selected", wrote).status_code == 302


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    kept = list(bulk._many)
    yield
    bulk._many[:] = kept
