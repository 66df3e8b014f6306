"""While somebody of the team is away: who may cover whom, and what whoever covers finds under their own name."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.clock import LONDON
from accounts.models import User
from cohorts.covers import arrange
from cohorts.models import Cover, StaffAssignment
from cohorts.services import default_reminder_rules
from organisations.models import Interest, Organisation
from outbox.delivery import deliver_all
from privacy.models import AuditEvent
from staff.digests import queue_staff_digests
from tests.factories import CohortFactory, InterestFactory, OrganisationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def cover(person: User, by: User, first: int = 0, last: int = 7) -> Cover:
    today = clock.today()
    days = {"first_day": today + dt.timedelta(days=first), "last_day": today + dt.timedelta(days=last)}
    return arrange(cover=Cover(person=person, covered_by=by, **days), by=by)


@pytest.fixture
def team() -> list[User]:
    return [StaffFactory(role="relationship_manager") for _ in range(3)]


def test_what_cannot_be_is_refused_at_its_field_and_by_postgresql(team: list[User]) -> None:
    alex, jo, sam = team
    cover(alex, jo)
    for person, by, first, last, field in (
        (sam, sam, 20, 21, "covered_by"),  # oneself
        (sam, jo, 21, 20, "last_day"),
        (alex, sam, 7, 9, "first_day"),  # twice on one day
        (sam, alex, 7, 9, "covered_by"),  # by somebody who is away
        (jo, sam, -3, 0, "person"),  # who covers somebody then
    ):
        with pytest.raises(ValidationError) as refused:
            cover(person, by, first, last)
        assert list(refused.value.message_dict) == [field]
    cover(alex, sam, 8, 9)
    cover(sam, jo, 0, 7)
    today = clock.today()
    with pytest.raises(IntegrityError, match="cover_one_at_a_time"), transaction.atomic():
        Cover.objects.create(person=alex, covered_by=sam, first_day=today, last_day=today)


def test_arranged_changed_and_called_off_in_the_admin(client: Client, team: list[User]) -> None:
    alex, jo, _ = team
    client.force_login(StaffFactory(role="manager"))
    add, today = reverse("admin:cohorts_cover_add"), clock.today()
    chosen = {"person": alex.pk, "covered_by": alex.pk, "first_day": today, "last_day": today}
    assert "Nobody can cover themselves" in client.post(add, chosen).content.decode()
    assert client.post(add, chosen | {"covered_by": jo.pk}).status_code == 302
    again = client.post(add, chosen | {"covered_by": team[2].pk}).content.decode()
    assert f"{alex} is covered by {jo} already" in again
    row = Cover.objects.get()
    later = {"covered_by": jo.pk, "last_day": today + dt.timedelta(days=2)}
    assert client.post(row.get_absolute_url(), chosen | later).status_code == 302
    assert client.post(reverse("admin:cohorts_cover_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
    verbs = AuditEvent.objects.filter(object_id=row.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["cover.arranged", "cover.changed", "cover.called_off"]


def test_who_covers_without_a_role_there_is_warned_of(client: Client, team: list[User]) -> None:
    cohort, elsewhere = CohortFactory(name="Cohort 90"), UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=elsewhere, role="manager", cohort=CohortFactory())
    client.force_login(StaffFactory(role="lead"))
    today = clock.today()
    chosen = {"person": team[0].pk, "covered_by": elsewhere.pk, "first_day": today, "last_day": today}
    page = client.post(reverse("admin:cohorts_cover_add"), chosen, follow=True).content.decode()
    assert f"has no role in {cohort}" in page


def test_the_front_page_has_it_under_the_covers_name_while_it_runs(
    client: Client, team: list[User], move_clock: Any
) -> None:
    alex, jo, sam = team
    InterestFactory(organisation__name="Ashdown", assigned_to=alex, created_at=clock.now() - dt.timedelta(days=9))
    advised = OrganisationFactory(adviser=alex)
    row = cover(alex, jo)

    def page(viewer: User) -> tuple[str, bool, bool]:
        client.force_login(viewer)
        shown = client.get("/admin/", {"owner": "mine"}).content.decode()
        own = Interest.objects.for_staff(viewer).exists(), Organisation.objects.for_staff(viewer).contains(advised)
        return shown, *own

    shown, *sees = page(jo)
    assert "Ashdown" in shown
    assert f"{alex} (covered by {jo} until {row.last_day.day} " in shown
    assert sees == [True, True]
    shown, *sees = page(sam)
    assert ("Ashdown" in shown, sees) == (False, [False, False])
    assert "Ashdown" in page(alex)[0]
    move_clock(row.last_day + dt.timedelta(days=1))
    shown, *sees = page(jo)
    assert ("Ashdown" in shown, sees) == (False, [False, False])


def test_the_daily_summary_of_who_is_away_goes_to_who_covers_too(team: list[User], move_clock: Any) -> None:
    alex, jo, sam = team
    move_clock(dt.datetime(2026, 11, 18, 8, 1, tzinfo=LONDON))
    default_reminder_rules(CohortFactory())
    InterestFactory(assigned_to=alex, created_at=clock.now() - dt.timedelta(days=9))
    cover(alex, jo)
    queue_staff_digests()
    deliver_all()
    sent = [one for one in mail.outbox if one.subject == "What needs attention today"]
    own, to_cover, none = (next((m.body for m in sent if one.email in m.to[0]), "") for one in (alex, jo, sam))
    line = "interest not answered within 2 working days (1)"
    assert (line in own, line in to_cover, none) == (True, True, "")
    assert f"For {alex}, whom you cover until Wednesday 25 November 2026" in to_cover
    assert "whom you cover" not in own
