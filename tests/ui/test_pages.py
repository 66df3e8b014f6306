"""Whole pages: the gallery of components, the frame around every page, and the sign-in pages."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def assert_sound(html: str) -> None:
    """What must hold of every page whatever it shows."""
    assert '<html lang="en-GB">' in html
    assert html.count("<h1") == 1
    assert html.index('class="skip-link"') < html.index("<header")
    assert 'id="main"' in html
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "data:image" not in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("state", ["", "errors"])
def test_the_gallery_is_sound_in_every_state(client, state):
    html = client.get(reverse("ui:gallery"), {"state": state}).content.decode()
    assert_sound(html)
    assert ("<title>Error: Component gallery – " in html) is bool(state)
    assert html.count("There is a problem") == (1 if state else 0)


PUBLIC_PAGES = [
    "account_request_login_code",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_sign_in_pages(client, name):
    assert_sound(client.get(reverse(name)).content.decode())


def test_a_wrong_address_comes_back_with_the_pattern(client):
    html = client.post(reverse("account_request_login_code"), {"email": "not an address"}).content.decode()
    assert_sound(html)
    assert "<title>Error: Sign in – " in html
    assert 'href="#id_email"' in html
    assert 'aria-describedby="id_email_hint id_email_error"' in html
    assert 'value="not an address"' in html


def test_the_code_page_takes_a_pasted_code(client):
    client.post(reverse("account_request_login_code"), {"email": UserFactory().email})
    html = client.get(reverse("account_confirm_login_code")).content.decode()
    assert_sound(html)
    field = re.search(r'<input[^>]*name="code"[^>]*>', html)[0]
    assert 'autocomplete="one-time-code"' in field
    assert "maxlength" not in field
    assert "required" not in field


@pytest.fixture
def signed_in(client: Client) -> Client:
    """Signed in with a password, and confirmed again, so that no page asks for it."""
    password = "a long enough passphrase"
    user = UserFactory()
    user.set_password(password)
    user.save()
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    client.post(reverse("account_reauthenticate"), {"password": password})
    return client


OWN_PAGES = ["account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp"]


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_account_pages(signed_in, name):
    response = signed_in.get(reverse(name))
    assert response.status_code == 200
    assert_sound(response.content.decode())


def test_the_qr_code_of_the_authenticator_app_is_inline(signed_in):
    html = signed_in.get(reverse("mfa_activate_totp")).content.decode()
    assert '<svg class="qr-code"' in html


def test_recovery_codes_can_be_made_and_read(signed_in):
    page = signed_in.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    signed_in.post(reverse("mfa_activate_totp"), {"code": code})
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        response = signed_in.get(reverse(name))
        assert response.status_code == 200, name
        assert_sound(response.content.decode())
    assert 'class="recovery-codes"' in signed_in.get(reverse("mfa_view_recovery_codes")).content.decode()


def test_a_missing_page_looks_like_ours(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert_sound(response.content.decode())
