"""Downloading one's own certificate, and anybody checking one."""

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Certificate
from tests.factories import EnrolmentFactory, StaffFactory


@pytest.fixture
def certificate(db: None) -> Certificate:
    return Certificate.objects.create(enrolment=EnrolmentFactory(), sessions_attended=5, sessions_held=6)


def test_its_owner_downloads_it(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.enrolment.user)
    response = client.get(reverse("portal:certificate_pdf", args=[certificate.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert certificate.enrolment.user.last_name not in response["Content-Disposition"]


def test_nobody_else_does(client: Client, certificate: Certificate) -> None:
    client.force_login(StaffFactory())
    assert client.get(reverse("portal:certificate_pdf", args=[certificate.pk])).status_code == 404


def test_anybody_with_the_code_can_check_it(client: Client, certificate: Certificate) -> None:
    response = client.get(reverse("portal:certificate_check", args=[certificate.code]))
    html = response.content.decode()
    assert "This certificate is valid" in html
    assert certificate.enrolment.user.get_full_name() in html
    assert certificate.enrolment.user.email not in html


def test_a_wrong_code_is_not_valid(client: Client, certificate: Certificate) -> None:
    response = client.get(reverse("portal:certificate_check", args=[certificate.code[:-1] + "_x"]))
    assert response.status_code == 404
    assert "We know no such certificate" in response.content.decode()
