"""The admin site: one way in, and its own order."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import clock
from content.models import Baseline
from privacy.services import record
from staff.models import Task
from surveys.models import Answer, ParticipantKey, Response
from tests.factories import OrganisationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_one_sign_in_page(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_request_login_code"))
    assert "next=" in response.redirect_chain[-1][0]


def test_the_admin_has_no_password_form_of_its_own(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "a@b.example", "password": "x"})
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_request_login_code"))


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/cohorts/cohort/", "/admin/nothing/"])
def test_somebody_who_is_not_staff_is_refused(client: Client, path: str) -> None:
    client.force_login(UserFactory())
    assert client.get(path).status_code == 403


def test_staff_without_any_role_are_refused(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    assert client.get("/admin/").status_code == 403


def test_a_password_is_changed_on_the_one_page_for_it(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/admin/password_change/").url == reverse("account_change_password")


@pytest.mark.parametrize("model", [Group, EmailAddress, Authenticator, Answer, Response, ParticipantKey])
def test_nobody_looks_at_secrets_and_answers_in_the_admin(model: type) -> None:
    assert not admin.site.is_registered(model)


def test_apps_are_listed_in_the_order_of_the_work(client: Client) -> None:
    client.force_login(StaffFactory())
    apps = [app["app_label"] for app in client.get("/admin/").context["app_list"]]
    assert apps[0] == "cohorts"
    assert apps[-1] == "privacy"


def test_every_admin_page_says_what_it_shows_and_finds() -> None:
    for model, model_admin in admin.site._registry.items():
        assert model_admin.fields or model_admin.fieldsets, f"{model.__name__} shows every field it has"
        assert tuple(model_admin.list_display) != ("__str__",), f"{model.__name__} has no list of its own"
        if model is not Baseline:  # which has one row
            assert model_admin.search_fields or model_admin.list_filter, f"{model.__name__} cannot be searched"


def test_the_history_of_a_row_is_what_the_trail_holds_about_it_in_words(client: Client) -> None:
    manager = StaffFactory(role="manager")
    employer = OrganisationFactory()
    record(by=manager, verb="organisation.adviser_changed", about=employer, to=str(manager.pk), waited=True)
    record(by=None, verb="organisation.merged", about=OrganisationFactory())
    client.force_login(manager)
    shown = client.get(reverse("admin:organisations_organisation_history", args=[employer.pk])).content.decode()
    assert "Organisation adviser changed" in shown
    assert str(manager) in shown
    assert "Waited: yes" in shown
    assert str(manager.pk) not in shown.split("history-table")[1]
    assert "merged" not in shown


def test_what_a_reader_may_not_open_is_named_without_a_link(client: Client) -> None:
    manager, adviser = StaffFactory(role="manager"), StaffFactory(role="inclusion_adviser")
    employer = OrganisationFactory(adviser=adviser)
    task = Task.objects.create(
        what="Ring them", organisation=employer, owner=adviser, asked_by=manager, due_on=clock.today()
    )
    page = reverse("admin:staff_task_change", args=[task.pk])
    person = reverse("admin:accounts_user_change", args=[manager.pk])
    for reader, linked in [(manager, True), (adviser, False)]:
        client.force_login(reader)
        shown = client.get(page).content.decode()
        assert str(manager) in shown
        assert (f'href="{person}"' in shown) is linked


def test_what_is_wrong_on_a_form_of_the_admin_is_summed_up_with_links_and_has_the_focus(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    url = reverse("admin:cohorts_cohort_add")
    page = client.get(url)
    assert "error-summary" not in page.content.decode()
    assert '<p class="list-words">One numbered run of a format, with its key dates.</p>' in page.content.decode()
    rows = [one.formset.prefix for one in page.context["inline_admin_formsets"]]
    said = {f"{prefix}-{key}_FORMS": str(int(key == "TOTAL")) for prefix in rows for key in ("TOTAL", "INITIAL")}
    html = client.post(url, said).content.decode()
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', html))
    assert links["id_name"] == "Name: This field is required."
    assert links["id_launch_from"] == "Launch and opening ceremony, from: This field is required."
    assert links["id_events-0-starts_at_0"] == "Event 1, When: This field is required."
    assert all(f'id="{target}"' in html for target in links)
    assert "<title>Error: " in html
    assert '<div class="error-summary" tabindex="-1" autofocus>' in html
    # Neither Django's note, nor its script that moves the focus to the first field.
    assert [words for words in ("errornote", "change_form.js") if words in html] == []
