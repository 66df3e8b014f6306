"""Who is shown to whom in a circle, and what of them."""

from collections.abc import Callable

import pytest

from circles.models import Circle
from circles.selectors.people import NO_DETAILS, NOT_BY_NAME, Person, name_for, roster
from participants.forms.enrolment import form_for
from participants.models import Enrolment
from privacy.models import BESIDE_THE_NAME, CIRCLE_SEES, ConsentWording
from privacy.selectors import agreed, consents
from privacy.services import carry_consents, set_consent, set_consents
from tests.factories import CircleFactory, EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def pair(lead_role: str, member_role: str) -> tuple[Circle, Enrolment, Enrolment]:
    """A circle of two, and the enrolments of the one in seat 0 and the one in seat 1."""
    circle = CircleFactory(capacity=1)
    lead = EnrolmentFactory(cohort=circle.cohort, role=lead_role, side="lead", job_title="Buyer")
    member = EnrolmentFactory(cohort=circle.cohort, role=member_role, side="member", job_title="Analyst")
    MembershipFactory(circle=circle, enrolment=lead, seat=0)
    MembershipFactory(circle=circle, enrolment=member, seat=1)
    return circle, lead, member


def choose(enrolment: Enrolment, letters: str) -> None:
    """n: the name · j: the job title · e: the employer."""
    choices = {purpose: letter in letters for purpose, letter in zip(CIRCLE_SEES, "nje", strict=True)}
    set_consents(user=enrolment.user, choices=choices, how="test")


def seen(circle: Circle, who: Enrolment, by: Enrolment) -> Person:
    return next(one for one in roster(circle, by.user) if one.enrolment_id == who.pk)


def test_each_item_is_shown_as_its_person_chose(count_queries: Callable) -> None:
    circle, lead, member = pair("mentor", "mentee")
    name, employer = member.user.get_full_name(), member.organisation.name
    lead_name, lead_employer = lead.user.get_full_name(), lead.organisation.name
    for letters, detail in (
        ("n", ""), ("nj", "Analyst"), ("ne", employer), ("nje", f"Analyst, {employer}"), ("je", NO_DETAILS),
    ):  # fmt: skip
        choose(member, letters)
        shown = seen(circle, member, by=lead)
        is_named = "n" in letters
        assert (shown.name, shown.detail, shown.shared) == (name if is_named else "Your mentee", detail, is_named)
        assert name_for(member, circle, lead.user) == shown.name
        # Of themselves they see what the others see.
        own = seen(circle, member, by=member)
        assert (own.name, own.detail) == (name, detail if is_named else NOT_BY_NAME)
    # A mentor's name is known to those they lead; what stands beside it is theirs to choose as well.
    for letters, detail in (("", ""), ("j", "Buyer"), ("nje", f"Buyer, {lead_employer}")):
        choose(lead, letters)
        shown = seen(circle, lead, by=member)
        assert (shown.name, shown.detail) == (lead_name, detail)
    assert count_queries(lambda: roster(circle, lead.user)) == 1
    assert count_queries(lambda: name_for(member, circle, lead.user)) == 1


def test_of_two_partners_each_ones_own_consent_decides() -> None:
    circle, lead, member = pair("partner", "partner")
    hidden = roster(circle, member.user)[0]
    assert (hidden.name, hidden.detail, hidden.shared) == ("Your partner", NO_DETAILS, False)
    set_consent(user=lead.user, purpose="share_with_circle", given=True, how="test")
    assert roster(circle, member.user)[0].name == lead.user.get_full_name()


def test_who_agreed_to_the_words_of_old_shows_all_three_until_they_choose_anew() -> None:
    circle, lead, member = pair("mentor", "mentee")
    old = ConsentWording.objects.create(purpose=CIRCLE_SEES[0], version=1, text="Name, job, employer", names_all=True)
    set_consent(user=member.user, purpose="share_with_circle", given=True, how="enrolment")
    shown = seen(circle, member, by=lead)
    assert shown.detail == f"Analyst, {member.organisation.name}"
    assert all(consents(member.user)[purpose] for purpose in CIRCLE_SEES)
    assert all(agreed([member.user_id, lead.user_id], purpose) == {member.user_id} for purpose in CIRCLE_SEES)
    ConsentWording.objects.create(purpose=old.purpose, version=2, text="My name")
    choose(member, "nj")
    assert seen(circle, member, by=lead).detail == "Analyst"
    assert [consents(member.user)[purpose] for purpose in CIRCLE_SEES] == [True, True, False]
    assert agreed([member.user_id], "share_employer") == set()

    # Two accounts of one person: what they chose by itself outlasts the words of old, and a no to those counts.
    of_old, keep = UserFactory(), UserFactory()
    for given in (True, False):
        of_old.consent_events.create(wording=old, wording_digest=old.digest, given=given, how="enrolment")
        set_consents(user=keep, choices={BESIDE_THE_NAME[0]: True, BESIDE_THE_NAME[1]: False}, how="test")
        carry_consents(of=of_old, to=keep, how="merged")
        assert [consents(keep)[purpose] for purpose in CIRCLE_SEES] == [given, given, False]


def test_a_mentor_is_not_asked_about_their_name() -> None:
    _, lead, member = pair("mentor", "mentee")
    asked = [[value for value, _ in form_for("consents", one).fields["circle_sees"].choices] for one in (lead, member)]
    assert asked == [list(BESIDE_THE_NAME), list(CIRCLE_SEES)]
    form = form_for("consents", lead, {"evaluation": "no", "share_attendance": "no", "testimonial": "no"})
    assert form.is_valid()
    assert form.answer() == dict.fromkeys([*BESIDE_THE_NAME, "evaluation", "share_attendance", "testimonial"], False)
