"""What coordinators have in hand this morning: an offer for the next cohort, a second coordinator, a hand-over."""

from accounts.models import User
from cohorts.models import Cohort
from organisations import services
from organisations.selectors import to_renew
from staff.demonstration.names import People

OFFERED = 8
NOTE = "We are reorganising this year. Please ask us again for the one after."


def ask_again(cohort: Cohort, by: User) -> None:
    """Some employers of the cohort before are asked whether they take part again; one has said not this time."""
    parts = list(to_renew(cohort).filter(acts=True)[:OFFERED])
    services.offer_renewal(cohort=cohort, participations=parts, by=by)
    refusing = parts[-1]
    services.answer_renewal(
        participation=refusing, cohort=cohort, again=False, places={}, note=NOTE,
        by=refusing.organisation.coordinators.get(ended_at=None).user,
    )  # fmt: skip


def share_the_work(cohort: Cohort, people: People) -> None:
    """One coordinator has been joined by a colleague, one has asked, and one hands over to who has not answered."""
    organisations = [part.organisation for part in cohort.participations.select_related("organisation")[:3]]
    for index, organisation in enumerate(organisations):
        first, last, email = people.next(organisation.domain)
        acting = organisation.coordinators.select_related("user").get(ended_at=None)
        asked = services.ask_coordinator(
            organisation=organisation, first_name=first, last_name=last, email=email, hand_over=index == 2,
            by=acting.user,
        )  # fmt: skip
        if index == 0:
            services.accept_coordinating(invitation=asked)
