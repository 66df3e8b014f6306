"""Who is shown to whom in a circle."""

import pytest

from circles.selectors.people import roster
from privacy.services import set_consent
from tests.factories import CircleFactory, EnrolmentFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def pair(lead_role: str, member_role: str):
    """A circle of two, and the enrolments of the one in seat 0 and the one in seat 1."""
    circle = CircleFactory(capacity=1)
    lead = EnrolmentFactory(cohort=circle.cohort, role=lead_role, side="lead")
    member = EnrolmentFactory(cohort=circle.cohort, role=member_role, side="member")
    MembershipFactory(circle=circle, enrolment=lead, seat=0)
    MembershipFactory(circle=circle, enrolment=member, seat=1)
    return circle, lead, member


def test_a_mentor_is_known_to_those_they_lead():
    circle, lead, member = pair("mentor", "mentee")
    assert roster(circle, member.user)[0].name == lead.user.get_full_name()


def test_of_two_partners_each_ones_own_consent_decides():
    circle, lead, member = pair("partner", "partner")
    hidden = roster(circle, member.user)[0]
    assert (hidden.name, hidden.shared) == ("Your partner", False)
    assert lead.organisation.name not in hidden.detail
    set_consent(user=lead.user, purpose="share_with_circle", given=True, how="test")
    assert roster(circle, member.user)[0].name == lead.user.get_full_name()
