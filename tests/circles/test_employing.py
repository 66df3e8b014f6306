"""Another employer in mid-cohort: whose place counts, who sees whom, and that no rule of a circle is broken by it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.services import changes
from cohorts.models import Cohort
from organisations.models import Organisation
from outbox.models import Message
from participants.models import Enrolment, Nomination
from participants.selectors import nominations_of, role_summaries
from participants.services import RefusedError, change_employer
from privacy.models import AuditEvent
from privacy.selectors import consents
from privacy.services import set_consent
from tests.circles.changing import TODAY, circle_of, keys, lead_of, members_of, published, standing
from tests.factories import (
    CoordinatorFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(TODAY)
    return published()


def fresh(one: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_related("cohort__format", "user", "organisation", "nomination__participation")
    return rows.get(pk=one.pk)


def change(one: Enrolment, to: Organisation, option: str) -> changes.Plan:
    def make(found: object) -> changes.Plan:
        return changes.plan_employer(found, fresh(one), to)

    plan = make(standing(one.cohort))
    key = next(found.key for found in plan.options if found.key.partition(":")[0] == option)
    changes.confirm(cohort=one.cohort, make=make, option=key, fingerprint=plan.fingerprint, by=StaffFactory())
    return plan


def test_place_and_sight_move_where_the_new_employer_has_room(cohort: Cohort) -> None:
    one = members_of(circle_of(cohort, 3))[0]
    before = ParticipationFactory(organisation=one.organisation, cohort=cohort, places={"mentee": 1})
    after = ParticipationFactory(cohort=cohort, places={"mentee": 1})
    theirs, ours = (CoordinatorFactory(organisation=part.organisation).user for part in (before, after))
    one.nomination = NominationFactory(participation=before, state="accepted", reason="She listens.")
    one.save()
    set_consent(user=one.user, purpose="share_attendance", given=True, how="enrolment")
    plan = change(one, after.organisation, "stay")
    assert keys(plan) == ["stay"]
    one = fresh(one)
    assert (one.organisation, one.nomination.participation, one.nomination.reason) == (after.organisation, after, "")
    assert one.memberships.current().exists()
    assert not before.places.taken().exists()
    assert (list(nominations_of(theirs)), list(nominations_of(ours))) == ([], [one.nomination])
    assert consents(one.user)["share_attendance"] is False
    kept = one.employer_changes.get()
    assert (kept.before, kept.after, kept.place_moved) == (before.organisation, after.organisation, True)
    assert Message.objects.filter(kind="participants.employer_changed", recipient=one.user).count() == 1
    assert AuditEvent.objects.get(verb="enrolment.employer_changed").data == {"place_moved": True}
    with pytest.raises(RefusedError):
        change_employer(enrolment=one, organisation=after.organisation, by=None)


def test_a_place_that_stays_is_counted_and_its_person_not_shown(cohort: Cohort) -> None:
    one = members_of(circle_of(cohort, 3))[0]
    part = ParticipationFactory(organisation=one.organisation, cohort=cohort, places={"mentee": 2})
    coordinator = CoordinatorFactory(organisation=part.organisation).user
    one.nomination = NominationFactory(participation=part, state="accepted")
    one.save()
    change(one, OrganisationFactory(), "stay")
    mentees = role_summaries(part)[1] if role_summaries(part)[0].role != "mentee" else role_summaries(part)[0]
    assert (mentees.taken, mentees.free, mentees.elsewhere, mentees.holding) == (1, 1, 1, [])
    assert not nominations_of(coordinator).exists()
    assert Nomination.objects.get(pk=one.nomination_id).participation == part


def test_a_member_who_comes_to_their_mentors_employer_moves_or_waits(cohort: Cohort) -> None:
    circle, other = circle_of(cohort, 3), circle_of(cohort, 3)
    one = members_of(circle)[0]
    plan = change(one, lead_of(circle).organisation, "seat")
    assert keys(plan) == ["seat", "wait"]
    assert str(lead_of(circle).user) in plan.says
    assert fresh(one).memberships.current().get().circle == other
    # Now to the employer of the one there, and nowhere else fits: they wait.
    change(one, lead_of(other).organisation, "wait")
    assert not fresh(one).memberships.current().exists()


def test_a_mentor_who_comes_to_a_members_employer_keeps_the_circle_if_the_member_can_move(cohort: Cohort) -> None:
    circle, other = circle_of(cohort, 3), circle_of(cohort, 3)
    lead, member = lead_of(circle), members_of(circle)[0]
    plan = change(lead, member.organisation, "others")
    assert keys(plan) == ["others", "wait"]
    assert (lead_of(circle), fresh(lead).organisation) == (lead, member.organisation)
    assert member in members_of(other)


def test_the_page_shows_what_follows_first(client: Client, cohort: Cohort) -> None:
    client.force_login(StaffFactory(role="manager"))
    one, to = members_of(circle_of(cohort, 3))[0], OrganisationFactory(name="Cedar Housing")
    url = reverse("admin:enrolment_employer", args=[one.pk])
    assert "Cedar Housing" in client.get(url).content.decode()
    shown = client.get(f"{url}?organisation={to.pk}")
    assert "works for Cedar Housing from now on" in shown.content.decode()
    assert fresh(one).organisation != to
    data = {"option": "stay", "fingerprint": shown.context["plan"].fingerprint}
    assert client.post(f"{url}?organisation={to.pk}", data).status_code == 302
    assert fresh(one).organisation == to


def test_a_person_tells_us_of_it_and_has_an_answer(client: Client, cohort: Cohort) -> None:
    one, to = members_of(circle_of(cohort, 3))[0], OrganisationFactory(name="Cedar Housing Ltd")
    page, staff_page = reverse("portal:employer"), reverse("admin:enrolment_employer", args=[one.pk])
    client.force_login(one.user)
    assert "error" in client.post(page, {"organisation": one.organisation.name}).content.decode()
    for name in ("Ceder", "Cedar Housing"):  # said anew, the last words count
        assert client.post(page, {"organisation": name}).status_code == 302
    asked = one.employer_requests.get()
    assert "Take it back" in client.get(page).content.decode()
    assert (asked.organisation, fresh(one).organisation) == ("Cedar Housing", one.organisation)
    team = StaffFactory(role="manager")
    client.force_login(team)
    assert staff_page in client.get(reverse("admin:index")).content.decode()
    shown = client.get(staff_page)
    assert shown.context["form"]["organisation"].value() == to.pk  # whom they seem to mean, however it is spelt
    assert client.post(staff_page, {"refuse": "1", "why": ""}).context["refusing"].errors
    assert client.post(staff_page, {"refuse": "1", "why": "You told us in June."}).status_code == 302
    client.force_login(one.user)
    assert "You told us in June." in client.get(page).content.decode()
    assert Message.objects.get(kind="participants.employer_not_changed").recipient == one.user
    client.post(page, {"organisation": "Cedar Housing"})
    change_employer(enrolment=fresh(one), organisation=to, by=team)
    assert [found.outcome for found in one.employer_requests.all()] == ["accepted", "refused"]
    client.post(page, {"organisation": "Oak"})
    client.post(page, {"take_back": "1"})
    assert one.employer_requests.count() == 2
