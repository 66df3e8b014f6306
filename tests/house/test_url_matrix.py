"""Every address of the product × every role: what comes back.

`url_table` says who gets which answer. A URL that no row names fails, and so does a row whose URL has gone; and a form
on any page that would lose what is typed with a session that has run out, see `typed_forms`, and a link to a list of
the admin that refuses what the link narrows it by.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cohorts.admin import CohortScoped
from cohorts.models import CohortQuerySet, StaffAssignment
from organisations.models import Participation
from participants import selectors
from tests.factories import UserFactory
from tests.house.typed_forms import EXCUSED, lost
from tests.house.url_table import ADMIN, ROWS, SIGN_IN, Answer, Row
from tests.world import EVERYBODY, STAFF, VISITORS, World, build, put_letter

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("url matrix")]

REFUSALS: set[Answer] = {403, 404, SIGN_IN}
NOT_THERE = "not there"  # how Django's admin says 404: on to its front page, with words
LINK = re.compile(r'href="(/admin/[^"#?]*\?[^"#]+)')
SAID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|=[^&]*")  # whom a link names, and what its query asks for
MODEL_PAGES = ["changelist", "add", "change", "delete", "history"]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Built once, and gone with the transaction that it was built in; each request has a savepoint of its own."""
    folder = tmp_path_factory.mktemp("mail")
    with django_db_blocker.unblock(), override_settings(MAIL_SINK_DIR=str(folder)), transaction.atomic():
        cache.clear()  # an earlier run's rate limits
        made = build()
        made.letter = put_letter(folder)
        yield made
        transaction.set_rollback(True)


# --- asking ---------------------------------------------------------------------------------------


def client_of(w: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if w.people[role] is not None:
        client.force_login(w.people[role])
    return client


def ask(client: Client, method: str, url: str, data: dict[str, str] | None = None) -> HttpResponse:
    """What comes back, and nothing else: what the request wrote is undone, session and all."""
    cookies = client.cookies.copy()
    savepoint = transaction.savepoint()
    response = getattr(client, method)(url, data or {})
    transaction.savepoint_rollback(savepoint)
    client.cookies = cookies
    return response


def answer_of(response: HttpResponse) -> Answer:
    if response.status_code != 302:
        return response.status_code
    sign_in_pages = tuple(resolve_url(name) for name in (settings.LOGIN_URL, "account_login", "admin:login"))
    return SIGN_IN if response["Location"].startswith(sign_in_pages) else 302


def faults_of_headers(response: HttpResponse, *, private: bool) -> list[str]:
    """Every answer carries the policy for scripts; none to a person, or to a link of theirs, may be kept by a cache."""
    faults = [] if "Content-Security-Policy" in response else ["no Content-Security-Policy"]
    if private and "no-store" not in response.get("Cache-Control", ""):
        faults.append("may be kept by a cache")
    return faults


# --- the rows of the table ------------------------------------------------------------------------


def url_of(row: Row, w: World, role: str) -> str:
    args = row.link(w) if row.link and role == "nominee" else row.args(w)
    return row.path or reverse(row.name, args=args)


def faults_of_row(row: Row, w: World, role: str, client: Client) -> list[str]:
    url, expected = url_of(row, w, role), row.answers[role]
    response = ask(client, row.method, url, row.data)
    faults = faults_of_headers(response, private=role not in VISITORS or row.link is not None)
    if answer_of(response) != expected:
        faults.append(f"{answer_of(response)}, not {expected}")
    if response.status_code == 200 and row.method == "get" and role not in VISITORS and _is_page(response):
        faults += lost(row.name, url, response.content.decode())
    other = "get" if row.method == "post" else "post"
    if row.method == "get" and role == FOLLOWS and _is_page(response):
        faults += dead_ends(client, response)
    if row.method == "post" or expected in REFUSALS:
        # Looking acts on nothing, and what may not be looked at takes nothing that is sent to it.
        allowed = {405, expected} & {405, *REFUSALS}
        answer = answer_of(ask(client, other, url))
        faults += [] if answer in allowed else [f"{answer} to a {other}"]
    return [f"{role}: {row.method} {row.name} at {url}: {fault}" for fault in faults]


# Sees the most of the admin, and follows each link with a query once: a list refuses what it can't be narrowed by.
FOLLOWS = "lead"


def dead_ends(client: Client, response: HttpResponse) -> list[str]:
    """The links with a query on a page that lead nowhere; of those that differ only in whom they name, the first."""
    followed: set[str] = vars(client).setdefault("followed", set())
    found = []
    for link in map(unescape, LINK.findall(response.content.decode())):
        shape = SAID.sub("", link)
        if shape not in followed:
            followed.add(shape)
            found += _refusals(link, ask(client, "get", link))
    return found


def _refusals(link: str, response: HttpResponse) -> list[str]:
    # A list that does not understand what it is narrowed by opens whole, with this mark.
    refused = response.status_code >= 400 or response.get("Location", "").endswith("?e=1")
    return [f"leads to {link}, which answers {response.status_code}"] if refused else []


def _is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.get("Content-Type", "").startswith("text/html")


def faults_of(w: World, role: str, rows: list[Row] = ROWS) -> list[str]:
    client = client_of(w, role)
    return [fault for row in rows for fault in faults_of_row(row, w, role, client)]


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_address_answers_each_role_as_the_table_says(world: World, role: str) -> None:
    faults = faults_of(world, role)
    assert not faults, "\n".join(faults)


# --- the admin's own pages of each model ----------------------------------------------------------


def admin_answers(letters: str) -> dict[tuple[str, str], set[Answer]]:
    """For each page of a model and method, what a member of staff with these letters may be answered."""
    unseen: set[Answer] = {403} if "v" in letters else {403, NOT_THERE}

    def given(letter: str, refusal: set[Answer] = unseen) -> set[Answer]:
        return {200} if letter in letters else refusal

    return {
        ("changelist", "get"): given("l", {403}),
        ("add", "get"): given("a", {403}),
        ("change", "get"): given("v"),
        ("change", "post"): {200, 302} if "c" in letters else unseen,
        ("delete", "get"): given("d"),
        ("history", "get"): given("v"),
    }


def admin_url(model: str, page: str, w: World) -> str:
    args = [] if page in {"changelist", "add"} else [w.rows[model].pk]
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def admin_answer(response: HttpResponse) -> Answer:
    to_front_page = response.status_code == 302 and response["Location"] == reverse("admin:index")
    return NOT_THERE if to_front_page else answer_of(response)


# One door keeps everybody out who is not staff: tried on every page by two of them, on two pages by the others.
SAME_DOOR = set(EVERYBODY) - {*STAFF, "anonymous", "stranger"}


def faults_of_model(model: str, w: World, role: str, client: Client) -> list[str]:
    refusal: set[Answer] = {SIGN_IN} if role in VISITORS else {403}
    faults = []
    for (page, method), allowed in admin_answers(ADMIN[model].get(role, "-")).items():
        if role in SAME_DOOR and page not in {"changelist", "change"}:
            continue
        expected = allowed if role in STAFF else refusal
        response = ask(client, method, admin_url(model, page, w))
        found = faults_of_headers(response, private=role not in VISITORS)
        if method == "get" and role == FOLLOWS and _is_page(response):
            found += dead_ends(client, response)
        if admin_answer(response) not in expected:
            found.append(f"{admin_answer(response)}, not {expected}")
        faults += [f"{role}: {method} {model} {page}: {fault}" for fault in found]
    return faults


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_model_of_the_admin_answers_each_role_as_the_table_says(world: World, role: str) -> None:
    client = client_of(world, role)
    faults = [fault for model in ADMIN for fault in faults_of_model(model, world, role, client)]
    assert not faults, "\n".join(faults)


# --- a role holds in its own cohort ---------------------------------------------------------------

OF_A_COHORT = [
    "admin:formation_board", "admin:formation_start", "admin:formation_publish", "admin:formation_move",
    "admin:formation_pin", "admin:formation_options", "admin:formation_hold", "admin:formation_undo",
    "admin:formation_apart", "admin:formation_together", "admin:formation_versions", "admin:formation_compare",
    "admin:formation_take_up", "admin:formation_ready", "admin:cohort_impact", "admin:close_cohort",
    "admin:participation_places",
    "admin:participation_coordinator", "admin:enrolment_seat", "admin:enrolment_move", "admin:enrolment_withdraw",
    "admin:cohort_changes", "admin:circle_mentor", "admin:circle_merge",
]  # fmt: skip
MODELS_OF_A_COHORT = [
    "participants.nomination", "participants.enrolment", "circles.circle", "circles.session", "circles.attendance",
    "circles.certificate", "surveys.survey", "surveys.testimonial", "surveys.teamnote", "surveys.snapshot",
    "circles.concern",
]  # fmt: skip


def test_a_manager_of_one_cohort_is_only_an_analyst_where_they_are_one(world: World) -> None:
    person = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=person, role="manager", cohort=world.elsewhere)
    for cohort in (world.running, world.recruiting, world.applying, world.pairs):
        StaffAssignment.objects.create(user=person, role="analyst", cohort=cohort)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    faults = [fault for row in rows_named(*OF_A_COHORT) for fault in faults_of_row(row, world, "analyst", client)]
    # The lists are theirs, for the cohort that they manage; no row of any other is.
    for model in MODELS_OF_A_COHORT:
        faults += faults_of_model(model, world, "manager_elsewhere", client)
    assert not faults, "\n".join(faults)


# --- the table is whole ---------------------------------------------------------------------------


def names(resolver: URLResolver, route: str = "", namespace: str = "") -> Iterator[str]:
    """The name of every URL with its namespace; of one without a name, its whole pattern."""
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else whole
        else:
            yield from names(entry, whole, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def names_in_table(rows: list[Row], models: dict[str, Any]) -> set[str]:
    pages = {f"admin:{model.replace('.', '_')}_{page}" for model in models for page in MODEL_PAGES}
    # Where Django's admin had a row's page long ago; it leads on to the page of today, which asks for the right.
    old = {f"admin/{model.replace('.', '/')}/<path:object_id>/" for model in models}
    return {row.name for row in rows} | pages | old


def test_the_table_names_every_address_and_none_that_has_gone() -> None:
    assert names_in_table(ROWS, ADMIN) == set(names(get_resolver()))


def test_an_old_address_of_the_admin_shows_nothing_itself(world: World) -> None:
    for model, row in world.rows.items():
        url = admin_url(model, "changelist", world) + f"{row.pk}/"
        assert answer_of(ask(client_of(world, "analyst"), "get", url)) == 302
        assert answer_of(ask(client_of(world, "stranger"), "get", url)) == 403
        assert answer_of(ask(client_of(world, "anonymous"), "get", url)) == SIGN_IN


@pytest.mark.parametrize("role", ["anonymous", "mentee", "lead"])
def test_a_page_that_does_not_exist_is_answered_as_safely(world: World, role: str) -> None:
    response = ask(client_of(world, role), "get", "/no-such-page/")
    assert response.status_code == 404
    assert faults_of_headers(response, private=role != "anonymous") == []


# --- the guard itself: seeded faults that must turn it red ----------------------------------------


def rows_named(*wanted: str) -> list[Row]:
    return [row for row in ROWS if row.name in wanted]


def test_the_guard_sees_an_address_that_nobody_named_and_one_that_has_gone() -> None:
    found = set(names(get_resolver()))
    assert found - names_in_table([row for row in ROWS if row.name != "portal:progress"], ADMIN) == {"portal:progress"}
    without = {model: letters for model, letters in ADMIN.items() if model != "circles.circle"}
    assert "admin:circles_circle_delete" in found - names_in_table(ROWS, without)
    gone = Row("portal:gone", lambda w: [], {})
    assert names_in_table([*ROWS, gone], ADMIN) - found == {"portal:gone"}


def test_the_guard_sees_a_coordinator_page_that_lost_its_tenant(world: World, monkeypatch: Any) -> None:
    rows = rows_named("portal:organisation", "portal:nominate", "portal:withdraw_nomination")
    assert faults_of(world, "other_coordinator", rows) == []
    everything = Participation.objects.select_related("organisation", "cohort__format")
    monkeypatch.setattr(selectors, "participations_of", lambda user: everything)
    monkeypatch.setattr(selectors, "participation_of", lambda key, user: everything.get(pk=key))
    faults = faults_of(world, "other_coordinator", rows)
    assert {fault.split()[2] for fault in faults} == {row.name for row in rows}


def test_the_guard_sees_staff_pages_that_lost_their_cohorts(world: World, monkeypatch: Any) -> None:
    rows = rows_named("admin:cohort_page", "admin:formation_board")
    monkeypatch.setattr(CohortQuerySet, "for_staff", lambda self, user: self)
    faults = faults_of(world, "manager_elsewhere", rows)
    assert {fault.split()[2] for fault in faults} == {row.name for row in rows}


def test_the_guard_sees_an_admin_list_that_lost_its_cohorts(world: World, monkeypatch: Any) -> None:
    """Two guards stand before a row: the queryset, and the right in the row's own cohort. Both are taken away."""
    monkeypatch.setattr(CohortScoped, "get_queryset", lambda self, request: self.model.objects.all())
    monkeypatch.setattr(CohortScoped, "_may", lambda self, request, action, obj: True)
    client = client_of(world, "manager_elsewhere")
    assert faults_of_model("circles.certificate", world, "manager_elsewhere", client)


def test_the_guard_sees_a_form_that_loses_what_is_typed(world: World, monkeypatch: Any) -> None:
    rows = rows_named("portal:circle", "portal:add_session", "portal:poll", "portal:propose_dates", "portal:goals")
    assert faults_of(world, "mentor", rows) == []
    with monkeypatch.context() as without:
        without.delattr("portal.views.circle.add_agenda_item.sent_from")
        [fault] = faults_of(world, "mentor", rows)
        assert "does not come back" in fault
    monkeypatch.setattr("privacy.typed.put_back", lambda request, form: form)
    lost_on = {fault.split()[2] for fault in faults_of(world, "mentor", rows) if "loses" in fault}
    assert lost_on == {row.name for row in rows} - {"portal:goals"}  # where the mentor has none
    assert {name for name in EXCUSED if name not in {row.name for row in ROWS}} == set()


def test_the_guard_sees_a_link_that_a_list_refuses(world: World) -> None:
    listing = reverse("admin:participants_nomination_changelist")
    links = [f"{listing}?{query}" for query in ("q=Nia&amp;state=invited", "q=X&state=y", "cohort__format__joining=x")]
    page = HttpResponse("".join(f'<a href="{link}">' for link in links))
    [fault] = dead_ends(client_of(world, FOLLOWS), page)
    assert fault == f"leads to {links[2]}, which answers 400"


def test_the_guard_sees_a_page_without_its_headers() -> None:
    assert faults_of_headers(HttpResponse(), private=False) == ["no Content-Security-Policy"]
    assert faults_of_headers(HttpResponse(), private=True)[1:] == ["may be kept by a cache"]
