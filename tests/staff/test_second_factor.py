"""Staff reach the admin with a second factor used in this session, and not without."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from outbox.models import Message
from outbox.tasks import deliver
from tests.factories import StaffFactory
from tests.staff.acting import act

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "a long enough word or five"


@pytest.fixture(autouse=True)
def _required(settings) -> None:  # type: ignore[no-untyped-def]  # a fixture
    settings.SECOND_FACTOR_REQUIRED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def without_password() -> User:
    """A member of staff as the product makes them: they sign in with an e-mailed code."""
    person = StaffFactory()
    person.set_unusable_password()
    person.save()
    return person


def with_app(person: User) -> User:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def admin_paths(patterns: list, prefix: str = "/admin/") -> Iterator[str]:
    """Every address of the admin, with something plausible in the place of each parameter."""
    for pattern in patterns:
        route = prefix + re.sub(r"<uuid:[a-z_]+>", "0f8fad5b-d9cb-469f-a165-70867728950e", str(pattern.pattern))
        route = re.sub(r"<[^>]+>", "1", route)
        if isinstance(pattern, URLResolver):
            yield from admin_paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and "(?P" not in route:
            yield route


def admin_resolver() -> URLResolver:
    return next(p for p in get_resolver().url_patterns if isinstance(p, URLResolver) and str(p.pattern) == "admin/")


def test_no_admin_address_opens_with_a_password_alone(client: Client) -> None:
    client.force_login(with_app(StaffFactory()))
    paths = list(admin_paths(admin_resolver().url_patterns))
    assert len(paths) > 40
    for path in paths:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.url.startswith(reverse("mfa_reauthenticate")), path


def test_nor_does_a_post(client: Client) -> None:
    client.force_login(with_app(StaffFactory()))
    response = client.post("/admin/cohorts/cohort/add/", {})
    assert response.url == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"


def test_staff_without_an_app_are_sent_to_set_one_up(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/admin/").url == f"{reverse('mfa_activate_totp')}?next=%2Fadmin%2F"


def test_the_code_lets_in_and_goes_on_to_the_page_asked_for(client: Client) -> None:
    client.force_login(with_app(StaffFactory()))
    asked = "/admin/cohorts/cohort/?q=15&o=1"
    step_up = client.get(asked).url
    response = client.post(step_up, {"code": totp_code(SECRET), "next": asked})
    assert response.url == asked
    assert client.get(asked).status_code == 200


def test_a_wrong_code_does_not(client: Client) -> None:
    client.force_login(with_app(StaffFactory()))
    assert client.post(reverse("mfa_reauthenticate"), {"code": "000000"}).status_code == 200
    assert client.get("/admin/cohorts/cohort/").status_code == 302


def test_a_used_code_is_not_taken_twice(client: Client) -> None:
    person = with_app(StaffFactory())
    code = totp_code(SECRET)
    client.force_login(person)
    assert client.post(reverse("mfa_reauthenticate"), {"code": code}).status_code == 302
    other = Client()
    other.force_login(person)
    assert other.post(reverse("mfa_reauthenticate"), {"code": code}).status_code == 200


def test_a_recovery_code_lets_in(client: Client) -> None:
    person = with_app(StaffFactory())
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap()
    client.force_login(person)
    client.post(reverse("mfa_reauthenticate"), {"code": codes.get_unused_codes()[0]})
    assert client.get("/admin/cohorts/cohort/").status_code == 200


def test_another_persons_second_factor_does_not_count(client: Client) -> None:
    client.force_login(with_app(StaffFactory()))
    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(SECRET)})
    client.force_login(with_app(StaffFactory()))
    assert client.get("/admin/cohorts/cohort/").status_code == 302


def set_up(client: Client, page: str) -> str:
    """Set up an authenticator app as a person does; returns where that led."""
    form = client.get(page)
    secret = form.context["form"].secret
    return client.post(page, {"code": totp_code(secret)}).url


def test_first_sign_in_by_code_then_set_up_then_in(client: Client) -> None:
    person = without_password()
    asked = client.get("/admin/", follow=True).redirect_chain[-1][0]
    enter_code = client.post(asked, {"email": person.email, "next": "/admin/"}).url
    assert '<input type="hidden" name="next" value="/admin/">' in client.get(enter_code).content.decode()
    deliver()
    code = re.search(r"code is ([A-Z0-9-]+)", mail.outbox[-1].body)
    assert code, mail.outbox[-1].body
    signed_in = client.post(enter_code, {"code": code[1], "next": "/admin/"})
    assert signed_in.url == "/admin/"
    step_up = client.get("/admin/").url
    assert step_up.startswith(reverse("mfa_activate_totp"))
    assert set_up(client, step_up) == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get("/admin/cohorts/cohort/").status_code == 200
    assert Message.objects.filter(kind="account.totp_activated", recipient=person).exists()


def test_first_sign_in_by_password_then_set_up_then_in(client: Client) -> None:
    person = StaffFactory()
    person.set_password(PASSWORD)
    person.save()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    step_up = client.get("/admin/").url
    reauthenticate = client.get(step_up).url
    assert reauthenticate.startswith(reverse("account_reauthenticate"))
    back = client.post(reauthenticate, {"password": PASSWORD, "next": step_up}).url
    assert set_up(client, back) == reverse("mfa_view_recovery_codes")
    assert client.get("/admin/cohorts/cohort/").status_code == 200


def test_signing_in_with_a_password_asks_for_the_second_factor_at_once(client: Client) -> None:
    person = with_app(StaffFactory())
    person.set_password(PASSWORD)
    person.save()
    response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
    client.post(reverse("mfa_authenticate"), {"code": totp_code(SECRET)})
    assert client.get("/admin/cohorts/cohort/").status_code == 200


def test_others_are_not_asked(client: Client, settings) -> None:  # type: ignore[no-untyped-def]  # a fixture
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    assert client.get("/admin/cohorts/cohort/").status_code == 200


def test_a_lead_removes_the_second_factor_of_a_lost_phone(client: Client, settings) -> None:  # type: ignore[no-untyped-def]  # a fixture
    settings.SECOND_FACTOR_REQUIRED = False
    person = with_app(StaffFactory(role="manager"))
    client.force_login(StaffFactory(role="lead"))
    act(client, reverse("admin:accounts_user_changelist"), "remove_second_factor", [person])
    assert not Authenticator.objects.filter(user=person).exists()
    assert Message.objects.filter(kind="account.totp_deactivated", recipient=person).count() == 1


def test_a_manager_cannot(client: Client, settings) -> None:  # type: ignore[no-untyped-def]  # a fixture
    settings.SECOND_FACTOR_REQUIRED = False
    person = with_app(StaffFactory(role="lead"))
    client.force_login(StaffFactory(role="manager"))
    data = {"action": "remove_second_factor", "_selected_action": [str(person.pk)]}
    client.post(reverse("admin:accounts_user_changelist"), data)
    assert Authenticator.objects.filter(user=person).exists()


def test_the_set_up_page_shows_its_code_without_a_data_address(client: Client) -> None:
    client.force_login(without_password())
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    assert get_adapter().get_totp_issuer() == "Mentoring circles"
