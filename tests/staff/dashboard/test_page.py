"""The page: who sees what, what is put off, and what it costs."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.services import confidence
from cohorts.models import Cohort, StaffAssignment
from organisations.models import Interest
from outbox.models import Message, State
from privacy.models import AuditEvent
from staff import attention
from staff.models import PutOff
from tests.factories import CohortFactory, EnrolmentFactory, InterestFactory, StaffFactory, UserFactory
from tests.staff.dashboard.findings import RULES, found, furnish, recruiting, running

pytestmark = pytest.mark.django_db


class TestPuttingOff:
    def test_it_is_gone_for_the_team_until_the_day_and_then_back(
        self, client: Client, lead: User, move_clock: Any
    ) -> None:
        cohort, until = recruiting(-1), clock.today() + dt.timedelta(days=3)
        client.force_login(lead)
        url = reverse("admin:put_off", args=["circles_not_published", cohort.pk])
        assert client.post(url, {"until": until.isoformat(), "reason": "Two mentors to come"}).status_code == 302
        assert found("circles_not_published", StaffFactory(role="manager"), cohort) == []
        page = client.get("/admin/").content.decode()
        assert "Put off for now (1)" in page
        assert "Two mentors to come" in page
        event = AuditEvent.objects.get(verb="attention.put_off")
        assert (event.actor, event.data["rule"], "mentors" in str(event.data)) == (lead, "circles_not_published", False)
        move_clock(until)
        assert len(found("circles_not_published", lead, cohort)) == 1

    def test_it_can_be_brought_back(self, client: Client, lead: User) -> None:
        cohort = recruiting(-1)
        row = PutOff.objects.create(
            rule="circles_not_published", subject=cohort.pk, cohort=cohort, until="2999-01-01", reason="x", by=lead
        )
        client.force_login(lead)
        assert found("circles_not_published", lead, cohort) == []
        client.post(reverse("admin:bring_back", args=[row.pk]))
        assert len(found("circles_not_published", lead, cohort)) == 1
        assert AuditEvent.objects.filter(verb="attention.brought_back").exists()

    @pytest.mark.parametrize(("days", "reason"), [(0, "x"), (61, "x"), (3, "")])
    def test_never_without_a_reason_nor_for_too_long(self, client: Client, lead: User, days: int, reason: str) -> None:
        cohort = recruiting(-1)
        client.force_login(lead)
        url = reverse("admin:put_off", args=["circles_not_published", cohort.pk])
        until = clock.today() + dt.timedelta(days=days)
        assert client.post(url, {"until": until.isoformat(), "reason": reason}).context["form"].errors
        assert not PutOff.objects.exists()


class TestChoice:
    def test_by_owner_and_by_cohort(self, client: Client, lead: User) -> None:
        adviser = StaffFactory(role="inclusion_adviser")
        theirs, free = InterestFactory(assigned_to=adviser), InterestFactory()
        for interest in (theirs, free):
            Interest.objects.filter(pk=interest.pk).update(created_at=clock.now() - dt.timedelta(days=9))
        one, other = recruiting(-1), recruiting(-1)
        client.force_login(lead)

        def shown(**choice: str) -> tuple[int, list[Cohort]]:
            context = client.get("/admin/", choice).context
            found = [*context["general"], *(finding for desk in context["desks"] for finding in desk.findings)]
            return sum(len(finding.items) for finding in found), [desk.cohort for desk in context["desks"]]

        assert shown()[0] == 4
        assert shown(owner=str(adviser.pk))[0] == 1
        assert shown(owner="nobody")[0] == 3
        assert shown(cohort=str(one.pk)) == (1, [one])
        assert set(shown(cohort="nonsense")[1]) == {one, other}


def test_a_message_to_somebody_erased_still_says_so(lead: User) -> None:
    Message.objects.create(key="erased", kind="account.login_code", address="", state=State.FAILED)
    assert found("message_failed", lead) == ["Sign-in code to somebody whose details are erased"]


def test_every_rule_costs_the_same_with_one_and_three_rows(lead: User, count_queries: Any) -> None:
    def look() -> set[str]:
        groups = attention.gather(attention.RULES, lead, list(Cohort.objects.all()))
        return {finding.rule.key for findings in groups.values() for finding in findings}

    furnish()
    assert look() == set(RULES)
    once = count_queries(look)
    furnish()
    furnish()
    assert count_queries(look) == once == 53


class TestPage:
    def test_groups_by_cohort_and_links_to_what_settles_it(self, client: Client, lead: User) -> None:
        cohort = recruiting(-1)
        client.force_login(lead)
        page = client.get(reverse("admin:index")).content.decode()
        assert reverse("admin:cohort_page", args=[cohort.pk]) in page
        assert reverse("admin:formation_board", args=[cohort.pk]) in page
        assert "Recruitment is over and circles are not published" in page

    def test_shows_the_phase_and_today(self, client: Client, lead: User, move_clock: Any) -> None:
        move_clock(dt.date(2026, 11, 23))
        CohortFactory(launch=dt.date(2027, 1, 22))
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        assert "Today is Monday 23 November 2026" in page
        assert "Recruitment and enrolment" in page

    def test_says_what_to_do_when_there_is_nothing(self, client: Client, lead: User) -> None:
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        assert "No cohort is open" in page
        assert reverse("admin:cohorts_cohort_add") in page

    def test_the_rest_of_a_rule_is_a_page_away_with_all_of_it(self, client: Client, lead: User) -> None:
        cohort, other = running(), running()
        mine = [EnrolmentFactory(cohort=cohort, user__last_name=f"Number{n:02}") for n in range(7)]
        EnrolmentFactory(cohort=other, user__last_name="Elsewhere")
        type(mine[0].organisation).objects.filter(pk=mine[0].organisation_id).update(adviser=lead)
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        url = RULES["unplaced"].all_url(cohort.pk)
        assert "And 2 more" in page
        assert f'href="{url}"' in page

        listed = client.get(url)
        assert [row.item.key for row in listed.context["page"]] == [str(one.pk) for one in mine]
        words = listed.content.decode()
        assert all(reverse("admin:enrolment_seat", args=[one.pk]) in words for one in mine)
        assert f"{reverse('admin:put_off', args=['unplaced', mine[3].pk])}?cohort={cohort.pk}" in words
        assert "Elsewhere" not in words
        for choice, count in (({}, 8), ({"owner": "mine"}, 1), ({"q": "number05"}, 1), ({"cohort": "none"}, 0)):
            found = client.get(reverse("admin:attention_rule", args=["unplaced"]), choice)
            assert len(found.context["page"]) == count, choice

        # Put off from there, and back there; taken away as a file, which the trail notes.
        where = f"{reverse('admin:put_off', args=['unplaced', mine[3].pk])}?cohort={cohort.pk}"
        said = {"until": clock.today() + dt.timedelta(days=3), "reason": "x"}
        assert client.post(where, said).url == url
        assert "1 more is put off" in client.get(url).content.decode()
        assert "Choose what it is for" in client.post(url).content.decode()
        lines = client.post(url, {"purpose": "person"}).content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + 6
        assert AuditEvent.objects.get(verb="list.exported").data["rows"] == 6
        confided = reverse("admin:attention_rule", args=["concern_waiting"])
        assert (client.get(confided).status_code, client.post(confided).status_code) == (200, 403)

    def test_a_rule_shows_itself_to_nobody_without_its_permission(self, client: Client) -> None:
        EnrolmentFactory(cohort=running(), user__last_name="Unmistakable")
        client.force_login(StaffFactory(role="analyst"))
        assert client.get(reverse("admin:attention_rule", args=["unplaced"])).status_code == 403
        assert client.get(reverse("admin:attention_rule", args=["no_such_rule"])).status_code == 404

    def test_an_analyst_sees_phases_and_nobody(self, client: Client) -> None:
        cohort = running()
        EnrolmentFactory(cohort=cohort, user__last_name="Unmistakable")
        client.force_login(StaffFactory(role="analyst"))
        page = client.get("/admin/").content.decode()
        assert str(cohort) in page
        assert "Unmistakable" not in page

    def test_somebody_elses_cohort_is_not_there(self, client: Client) -> None:
        mine, other = recruiting(-1), recruiting(-1)
        person = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=person, role="manager", cohort=mine)
        client.force_login(person)
        page = client.get("/admin/").content.decode()
        assert reverse("admin:cohort_page", args=[mine.pk]) in page
        assert reverse("admin:cohort_page", args=[other.pk]) not in page

    def test_costs_the_same_with_one_and_three_cohorts(self, client: Client, lead: User, count_queries: Any) -> None:
        client.force_login(lead)
        furnish()
        once = count_queries(lambda: client.get("/admin/"))
        furnish()
        furnish()
        assert count_queries(lambda: client.get("/admin/")) == once

    def test_a_concern_that_waits_is_said_before_all_else_to_whoever_may_read_it(self, client: Client) -> None:
        waiting, _ = running(), running()
        confidence.raise_concern(enrolment=EnrolmentFactory(cohort=waiting), text="Please talk to me.")
        client.force_login(StaffFactory())
        assert client.get("/admin/").content.decode().count("A concern waits") == 1
        client.force_login(StaffFactory(role="read_only"))
        assert "A concern waits" not in client.get("/admin/").content.decode()
