"""What the team keeps about organisations and people: the contact log, tasks, and how both are forgotten."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from cohorts.models import StaffAssignment
from organisations.services import merge_organisations
from privacy import registry
from privacy.models import AuditEvent
from staff import attention
from staff.desk import services, subjects
from staff.models import Contact, Task
from staff.tasks import forget
from tests.factories import CohortFactory, EnrolmentFactory, OrganisationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "Her mother is ill."


def talk(subject: Any, by: User, said: str = SECRET, days: int = 0) -> Contact:
    day = clock.today() - dt.timedelta(days=days)
    row = subjects.of(subject)
    return services.write_contact(subject=row, by=by, spoken_on=day, channel="email", spoke_with="Sam", said=said)


def give(subject: Any, owner: User, days: int = 0, what: str = "Ring them") -> Task:
    day = clock.today() + dt.timedelta(days=days)
    return services.give_task(subject=subjects.of(subject), what=what, owner=owner, due_on=day, by=owner)


class TestContacts:
    def test_written_on_the_page_itself_newest_first_and_never_lost(self, client: Client) -> None:
        manager, organisation = StaffFactory(role="manager"), OrganisationFactory()
        client.force_login(manager)
        page = organisation.get_absolute_url()
        url = client.get(page).context["desk"].subject.contacts_url
        typed = {"spoken_on": "2999-01-01", "channel": "video", "spoke_with": "Sam", "said": SECRET}
        assert SECRET in client.post(url, typed).content.decode()
        assert not Contact.objects.exists()
        for days, said in ((3, "Older"), (1, "Newer")):
            day = (clock.today() - dt.timedelta(days=days)).isoformat()
            assert client.post(url, typed | {"spoken_on": day, "said": said}).url == f"{page}#contacts"
        shown = client.get(page).content.decode()
        assert shown.index("Newer") < shown.index("Older")
        with connection.cursor() as cursor:
            cursor.execute("SELECT said FROM staff_contact")
            assert not any("Older" in said or "Newer" in said for (said,) in cursor.fetchall())

    def test_its_writer_alone_changes_and_deletes_it_and_the_history_says_so(self, client: Client) -> None:
        writer, other, person = StaffFactory(role="lead"), StaffFactory(role="lead"), UserFactory()
        contact = talk(person, writer)
        client.force_login(other)
        for name in ("change_contact", "delete_contact"):
            assert client.post(reverse(f"admin:{name}", args=[contact.pk])).status_code == 403
        with pytest.raises(PermissionDenied):
            services.change_contact(contact=contact, by=other, said="x")
        client.force_login(writer)
        change, delete = (reverse(f"admin:{name}_contact", args=[contact.pk]) for name in ("change", "delete"))
        typed = {"spoken_on": contact.spoken_on.isoformat(), "channel": "email", "spoke_with": "", "said": "Better"}
        client.post(change, typed)
        assert "can’t be brought back" in client.get(delete).content.decode()
        assert Contact.objects.get().said == "Better"
        client.post(delete)
        assert not Contact.objects.exists()
        page = client.get(reverse("admin:accounts_user_change", args=[person.pk]))
        assert [what for _, _, what in page.context["desk"].history] == [
            "deleted a contact", "changed a contact", "wrote down a contact",
        ]  # fmt: skip
        assert SECRET not in str(list(AuditEvent.objects.values_list("data", flat=True)))

    def test_who_only_reads_does_not_read_them_nor_anybody_what_is_about_themselves(self, client: Client) -> None:
        lead = StaffFactory(role="lead")
        enrolment = EnrolmentFactory(user=StaffFactory(role="lead"))
        organisation = enrolment.organisation
        for about in (organisation, enrolment):
            talk(about, lead)
            give(about, lead)
        own_page = reverse("admin:accounts_user_change", args=[enrolment.user_id])
        for viewer, path, seen in (
            (lead, organisation.get_absolute_url(), True),
            (lead, enrolment.get_absolute_url(), True),
            (enrolment.user, own_page, False),
            (StaffFactory(role="read_only"), organisation.get_absolute_url(), False),
            (StaffFactory(role="read_only"), enrolment.get_absolute_url(), False),
        ):
            client.force_login(viewer)
            page = client.get(path)
            assert page.status_code == 200
            assert (SECRET in page.content.decode()) == (page.context["desk"] is not None) == seen

    def test_a_manager_of_another_cohort_does_not_reach_a_participant(self, client: Client) -> None:
        enrolment = EnrolmentFactory()
        manager = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=manager, role="manager", cohort=CohortFactory())
        assert not Contact.objects.for_staff(manager).exists()
        talk(enrolment, StaffFactory())
        assert not Contact.objects.for_staff(manager).exists()
        StaffAssignment.objects.create(user=manager, role="manager", cohort=enrolment.cohort)
        assert Contact.objects.for_staff(User.objects.get(pk=manager.pk)).count() == 1

    def test_the_page_costs_the_same_with_one_and_three_of_each(self, client: Client, count_queries: Any) -> None:
        lead, organisation = StaffFactory(role="lead"), OrganisationFactory()
        client.force_login(lead)
        talk(organisation, lead)
        give(organisation, lead)
        once = count_queries(lambda: client.get(organisation.get_absolute_url()))
        for _ in range(2):
            talk(organisation, StaffFactory())
            services.mark_task(task=give(organisation, StaffFactory()), done=True, by=lead)
            give(organisation, StaffFactory())
        assert count_queries(lambda: client.get(organisation.get_absolute_url())) == once


class TestTasks:
    def test_mine_at_first_narrowed_and_ticked_in_the_list(self, client: Client, count_queries: Any) -> None:
        lead, other = StaffFactory(role="lead"), StaffFactory(role="manager")
        cohort, organisation = CohortFactory(), OrganisationFactory()
        mine, late = give(cohort, lead), give(organisation, lead, days=-2)
        client.force_login(lead)
        page = reverse("admin:staff_task_changelist")

        def listed(**chosen: str) -> set[Task]:
            return set(client.get(page, chosen).context["cl"].result_list)

        once = count_queries(listed)
        later, theirs = give(organisation, lead, days=3), give(organisation, other)
        assert count_queries(listed) == once
        assert listed() == {mine, late, later}
        assert listed(due="late") == {late}
        assert listed(due="now") == {mine, late}
        assert listed(owner="anybody", due="now") == {mine, late, theirs}
        assert listed(owner=str(other.pk)) == {theirs}
        assert listed(cohort__id__exact=str(cohort.pk)) == {mine}
        tick = reverse("admin:mark_task", args=[mine.pk])
        assert client.post(tick, {"done": "yes"}, headers={"referer": "https://elsewhere.example/"}).url == page
        assert listed(state="done") == {mine}
        client.post(tick, {"done": "no"})
        assert mine in listed()
        verbs = AuditEvent.objects.filter(object_id=mine.pk).order_by("at").values_list("verb", flat=True)
        assert list(verbs) == ["task.given", "task.done", "task.reopened"]

    def test_what_is_due_stands_on_the_front_page_until_it_is_done(self, client: Client) -> None:
        lead, cohort = StaffFactory(role="lead"), CohortFactory()
        today = give(cohort, lead, what="Send dates")
        give(EnrolmentFactory(cohort=cohort), StaffFactory(), days=-1, what="Ring")
        give(cohort, lead, days=1)
        client.force_login(lead)

        def found(**chosen: str) -> list[str]:
            context = client.get("/admin/", chosen).context
            findings = [*context["general"], *(one for desk in context["desks"] for one in desk.findings)]
            return [item.evidence[:9] for one in findings if one.rule.key == "task_due" for item in one.items]

        assert found() == ["Ring (Ada", "Send date"]
        assert found(owner="mine", cohort=str(cohort.pk)) == ["Send date"]
        until = (clock.today() + dt.timedelta(days=2)).isoformat()
        client.post(reverse("admin:put_off", args=["task_due", today.pk]), {"until": until, "reason": "Printer"})
        assert found(owner="mine") == []
        services.mark_task(task=today, done=True, by=lead)
        for viewer, number in ((StaffFactory(role="read_only"), 0), (StaffFactory(role="manager"), 1)):
            rules = [rule for rule in attention.RULES if rule.key == "task_due"]
            assert len(attention.gather(rules, viewer, [cohort])) == number

    def test_an_adviser_has_what_is_theirs_and_of_their_organisations(self) -> None:
        adviser, lead = StaffFactory(role="inclusion_adviser"), StaffFactory(role="lead")
        advised = OrganisationFactory(adviser=adviser)
        seen = {give(advised, lead), give(EnrolmentFactory(), adviser)}
        give(OrganisationFactory(), lead)
        give(EnrolmentFactory(), lead)
        assert set(Task.objects.for_staff(adviser)) == seen


def test_a_merged_organisation_keeps_what_was_said_and_is_to_be_done() -> None:
    lead, keep, duplicate = StaffFactory(), OrganisationFactory(), OrganisationFactory()
    talk(duplicate, lead)
    give(duplicate, lead)
    merge_organisations(keep=keep, duplicate=duplicate, by=lead)
    assert keep.contacts.count() == keep.tasks.count() == 1


def test_a_person_is_given_it_and_it_goes_with_them_or_in_time(move_clock: Any) -> None:
    lead, enrolment, other = StaffFactory(), EnrolmentFactory(), EnrolmentFactory()
    for about in (enrolment, other):
        talk(about, lead)
        give(about, lead)
    assert SECRET in str(registry.export(enrolment.user))
    registry.erase(enrolment.user)
    assert (Contact.objects.get().person, Task.objects.get().person) == (other.user, other.user)
    registry.erase(lead)
    assert (Contact.objects.get().written_by, Task.objects.get().owner) == (None, None)
    assert forget() == 0
    services.mark_task(task=Task.objects.get(), done=True, by=StaffFactory())
    move_clock(clock.today() + dt.timedelta(days=732))
    assert forget() == 2
