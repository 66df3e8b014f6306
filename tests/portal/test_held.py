"""What we hold about somebody, for themselves."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from outbox import kinds
from privacy import inventory, registry
from privacy.models import AuditEvent
from tests.outbox.letters import message_of
from tests.world import build

pytestmark = pytest.mark.django_db

# What an app explains in words of its own, each by the holding that does.
EXPLAINED = {
    "mfa.Authenticator", "staff.Contact", "staff.Task", "surveys.TeamNote", "surveys.Testimonial",
    "circles.DiscreetWording", "circles.CalendarFeed", "circles.AgendaItem", "circles.Concern", "circles.Reflection",
    "circles.Notice", "circles.SharedGoal", "circles.Action", "circles.SessionNote", "participants.Nomination",
    "participants.EmployerChange", "participants.EmployerRequest", "participants.AskedAgain",
    "participants.LeaveRequest",
    "participants.OnboardingDone",
    "organisations.Coordinator", "organisations.Interest", "organisations.CoordinatorInvitation",
    "organisations.RenewalAnswer", "cohorts.Cover",
    "privacy.ConsentEvent", "privacy.Erasure", "privacy.Complaint", "accounts.AddressChange",
}  # fmt: skip


def test_it_is_all_there_and_nothing_of_anybody_else(client: Client) -> None:
    w = build()
    message_of(kinds.get("circles.session_invited"), w)
    me, other = w.mentee.user, w.mentor.user
    client.force_login(me)
    page = client.get(reverse("portal:held"))
    assert page.status_code == 200
    titles = {part.title for part in page.context["parts"]}
    assert {"Your part in a cohort", "Your seats in circles", "Mail that we sent you", "Your account"} <= titles
    assert page.context["parts"][0].title == "Your account"
    response = client.get(reverse("portal:held_file"))
    held = json.loads(response.content)["held"]
    assert held["Your account"][0]["E-mail address"] == me.email
    assert str(w.mentee.organisation) in str(held["Your part in a cohort"])
    assert other.email not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(verb="account.copied", actor=me).exists()


def test_nothing_that_is_to_be_told_is_left_out() -> None:
    """A model with fields for the copy is explained by its app or copied by the inventory."""
    told = {one.model._meta.label for one in inventory.entries() if one.told and not one.model._meta.auto_created}
    copied = {one.model._meta.label for one in inventory.entries() if one.copied}
    assert not copied & EXPLAINED
    assert told - copied - EXPLAINED == set()
    assert len({one.title for one in registry.every()}) == len(registry.every())
