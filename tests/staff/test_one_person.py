"""Two accounts that are one person: who is found, what is refused, and that all of it moves."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Attendance
from circles.selectors.feeds import feed_of
from circles.services import feeds, sessions
from outbox import preferences
from outbox.models import Message, OptOut, State
from outbox.services import queue
from participants.models import Enrolment
from portal.places import circles_of
from privacy.models import AuditEvent, ConsentEvent
from privacy.selectors import consents
from privacy.services import record, set_consent
from staff import duplicates, one_person
from surveys.models import ParticipantKey, Response
from surveys.services import ensure_surveys
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    MembershipFactory,
    NominationFactory,
    OrganisationFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def merge(keep: User, duplicate: User, by: User | None = None) -> User:
    found = one_person.plan(keep, duplicate)
    return one_person.merge(keep=keep, duplicate=duplicate, fingerprint=found.fingerprint, by=by or StaffFactory())


def test_likely_pairs_are_found_by_name_and_organisation_and_by_spelling() -> None:
    employer = OrganisationFactory()
    ada = {"first_name": "Ada", "last_name": "Okafor"}
    one = EnrolmentFactory(organisation=employer, user=UserFactory(**ada)).user
    other = CoordinatorFactory(organisation=employer, user=UserFactory(first_name="ADA", last_name="Okafór")).user
    EnrolmentFactory(user=UserFactory(**ada))  # of another employer
    plain, dotted = UserFactory(email="n.osei@a.example"), UserFactory(email="nosei+work@a.example")
    UserFactory(email="nosei@b.example")
    found = {frozenset((pair.first, pair.second)): pair.because for pair in duplicates.pairs()}
    assert found == {
        frozenset((one, other)): (duplicates.SAME_NAME,),
        frozenset((plain, dotted)): (duplicates.SAME_ADDRESS,),
    }
    assert [pair.second for pair in duplicates.like(plain)] == [dotted]
    assert duplicates.search("osei b.example", plain) != []


def test_everything_moves_and_the_ledgers_stay() -> None:
    keep, gone = UserFactory(), UserFactory()
    old, now = EnrolmentFactory(user=gone), EnrolmentFactory(user=keep)
    seat = MembershipFactory(enrolment=old, circle__cohort=old.cohort)
    session = SessionFactory(circle=seat.circle)
    Attendance.objects.create(session=SessionFactory(circle=seat.circle, number=2), enrolment=old, attended=True)
    sessions.invite(session=session, enrolment=old)
    Message.objects.update(state=State.SENT, sent_at=clock.now())
    queue(kind="circles.left", about=old, to=gone)
    ensure_surveys(cohort=old.cohort)
    key = ParticipantKey.objects.create(enrolment=old).key
    Response.objects.create(survey=old.cohort.surveys.first(), participant_key=key)
    employer = OrganisationFactory()
    for user in (keep, gone):
        CoordinatorFactory(organisation=employer, user=user)
        OptOut.objects.create(user=user, category="news")
    OptOut.objects.create(user=gone, category="digests")
    set_consent(user=keep, purpose="evaluation", given=True, how="x")
    set_consent(user=gone, purpose="evaluation", given=False, how="x")
    set_consent(user=gone, purpose="testimonial", given=True, how="x")
    NominationFactory(nominated_by=gone)
    feeds.make_feed(user=gone, by=gone)
    event = record(by=gone, verb="test.done", about=old)
    link, address = preferences.token(gone, "nudges"), gone.email
    merge(keep, gone)
    keep.refresh_from_db()
    assert [place.url for place in circles_of(keep)] == [reverse("portal:circle", args=[seat.circle_id])]
    old.refresh_from_db()
    assert (old.user, set(keep.enrolments.all())) == (keep, {old, now})
    assert ParticipantKey.objects.get(enrolment__user=keep).key == key
    assert Response.objects.get().participant_key == key
    assert {one.category for one in keep.opt_outs.all()} == {"news", "digests"}
    assert keep.coordinations.count() == 1
    assert feed_of(keep) is not None
    assert (consents(keep)["evaluation"], consents(keep)["testimonial"]) == (False, True)
    assert ConsentEvent.objects.filter(user=gone).count() == 2
    assert AuditEvent.objects.get(pk=event.pk).actor == gone
    emails = EmailAddress.objects.filter(user=keep).order_by("-primary").values_list("email", "verified", "primary")
    assert list(emails) == [(keep.email, True, True), (address, True, False)]
    gone.refresh_from_db()
    assert (gone.is_active, gone.merged_into, gone.has_usable_password()) == (False, keep, False)
    assert User.objects.by_address(address.upper()) == keep
    assert preferences.read(link)[0] == keep
    # The calendar of the old address loses the session, the other gets it; and nothing is sent to them a second time.
    told = Message.objects.about(session).order_by("created_at")
    assert [(one.kind, one.address, one.recipient) for one in told] == [
        ("circles.session_invited", address, keep), ("circles.session_cancelled", address, keep),
        ("circles.session_invited", keep.email, keep),
    ]  # fmt: skip
    assert Message.objects.get(kind="circles.left").address == keep.email
    before = Message.objects.count()
    queue(kind="circles.left", about=old, to=keep)
    assert Message.objects.count() == before
    assert {one.address for one in Message.objects.filter(kind="staff.merged")} == {keep.email, address}
    assert sorted(AuditEvent.objects.get(verb="person.merged").data["consents"]) == ["evaluation", "testimonial"]


def test_it_is_refused_where_both_are_in_one_cohort_or_one_is_of_the_team_or_things_changed() -> None:
    cohort = CohortFactory()
    one, other = (EnrolmentFactory(cohort=cohort) for _ in range(2))
    seat = MembershipFactory(circle__cohort=cohort, enrolment=one)
    assert f"Both are enrolled in {cohort}" in one_person.plan(one.user, other.user).conflicts[0]
    MembershipFactory(circle=seat.circle, enrolment=other, seat=2)
    assert f"Both have sat in {seat.circle}" in one_person.plan(one.user, other.user).conflicts[0]
    with pytest.raises(ValidationError):
        merge(one.user, other.user)
    with pytest.raises(ValidationError):
        merge(one.user, StaffFactory())
    with pytest.raises(ValidationError):
        merge(one.user, one.user)
    third = UserFactory()
    shown = one_person.plan(one.user, third).fingerprint
    EnrolmentFactory(user=third)
    with pytest.raises(ValidationError):
        one_person.merge(keep=one.user, duplicate=third, fingerprint=shown, by=StaffFactory())
    assert User.objects.get(pk=third.pk).is_active
    assert Enrolment.objects.filter(user=third).exists()


def test_nothing_that_a_person_has_once_is_forgotten() -> None:
    """A row that is unique for a person has a rule of its own: moved without one, it could make a merge fail."""
    for relation in User._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model, name = relation.related_model, relation.field.name
        once = relation.field.unique or any(name in one for one in model._meta.unique_together)
        once |= any(name in getattr(one, "fields", ()) for one in model._meta.constraints)
        ruled = (model._meta.label, name) in one_person.SPECIAL
        refused = model._meta.label in {"participants.Enrolment", "cohorts.StaffAssignment"}  # by the plan
        assert not once or ruled or refused, model._meta.label


def test_the_pages_say_first_that_it_is_for_good(client: Client) -> None:
    client.force_login(StaffFactory(role="manager"))
    keep, gone = UserFactory(email="n.osei@a.example"), UserFactory(email="nosei@a.example")
    assert gone.email in client.get(reverse("admin:duplicate_people")).content.decode()
    page = reverse("admin:person_merge_with", args=[keep.pk, gone.pk])
    assert page in client.get(reverse("admin:person_merge", args=[keep.pk])).content.decode()
    shown = client.get(page)
    assert "This can’t be undone" in shown.content.decode()
    assert b"changed while you were looking" in client.post(page, {"fingerprint": "old"}).content
    assert client.post(page, {"fingerprint": shown.context["plan"].fingerprint}).status_code == 302
    assert User.objects.get(pk=gone.pk).merged_into == keep
    assert client.get(page).status_code == 404
    lead = StaffFactory(role="lead")
    assert client.get(reverse("admin:person_merge", args=[lead.pk])).status_code == 403


def test_a_persons_page_leads_to_their_part_in_each_cohort(client):
    part = EnrolmentFactory(user__last_name="Findable")
    client.force_login(StaffFactory(role="lead"))
    html = client.get(reverse("admin:accounts_user_change", args=[part.user_id])).content.decode()
    assert f'href="{part.get_absolute_url()}">Mentee ({part.cohort}), for {part.organisation}</a>' in html
