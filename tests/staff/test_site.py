"""The admin site: one way in, and its own order."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from content.models import Baseline
from surveys.models import Answer, ParticipantKey, Response
from tests.factories import StaffFactory, UserFactory

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
