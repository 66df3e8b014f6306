"""A cohort that is ready for its circles, to test with."""

import datetime as dt
from collections import defaultdict

from accounts import clock
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors.formation import fingerprint_now
from circles.selectors.proposal import Proposal
from circles.services.board import refresh
from cohorts.models import Cohort
from participants.models import Enrolment
from tests.factories import CohortFactory, EnrolmentFactory, FormatFactory, OrganisationFactory, SlotFactory


def ready(leads: int = 2, members: int = 8, **cohort: object) -> Cohort:
    """Leads and members of an organisation each, all free on Tuesday 12:30 and willing to meet online."""
    made = CohortFactory(**{"circle_minimum": 3, "circle_target": 4} | cohort)
    slot = SlotFactory(cohort=made)
    for role in ["mentor"] * leads + ["mentee"] * members:
        enrol(made, role=role, slots=[slot])
    return made


def enrol(cohort: Cohort, *, slots: list | None = None, topics: list | None = None, **values: object) -> Enrolment:
    enrolment = EnrolmentFactory(cohort=cohort, **{"meets_at": ["online"]} | values)
    enrolment.slots.set(slots or [])
    enrolment.topics.set(topics or [])
    return enrolment


def pair_format(mutual: bool = False) -> object:
    """Two people: one lead and one member, or partners who mentor each other."""
    roles = ("partner", "partner") if mutual else ("mentor", "mentee")
    return FormatFactory(
        key="reciprocal" if mutual else "reverse",
        name="Reciprocal mentoring" if mutual else "Reverse mentoring",
        group_word="pair",
        lead_role=roles[0],
        member_role=roles[1],
        capacity=1,
        minimum=1,
        target=1,
        own_organisation="allowed",
        mutual=mutual,
    )


def pairs(amount: int = 3, mutual: bool = False) -> Cohort:
    """A cohort of so many leads and as many members, all of one organisation."""
    cohort = CohortFactory(format=pair_format(mutual), circle_minimum=1, circle_target=1)
    slot, employer = SlotFactory(cohort=cohort, start=dt.time(9)), OrganisationFactory()
    for number in range(amount * 2):
        side = "lead" if number % 2 else "member"
        role = "partner" if mutual else {"lead": "mentor", "member": "mentee"}[side]
        enrol(cohort, role=role, side=side, slots=[slot], organisation=employer)
    return cohort


def proposed(cohort: Cohort, **values: object) -> FormationRun:
    """A finished proposal without a run of the engine: everybody in the emptiest circle that they may join."""
    run = FormationRun.objects.create(
        cohort=cohort, state="done", finished_at=clock.now(), input_hash=fingerprint_now(cohort), **values
    )
    slot, leads = cohort.slots.first(), cohort.enrolments.enrolled().leads().order_by("created_at")
    for number, lead in enumerate(leads, start=1):
        ProposedCircle.objects.create(run=run, number=number, lead=lead, slot=slot, place="online")
    proposal, seated = Proposal(run), defaultdict(list)
    for one in proposal.mentees:
        if cohort.enrolments.get(pk=one).side == "lead":
            continue
        open_to = [c for c in proposal.circles.values() if _may_join(proposal, c, seated[c], one)]
        circle = min(open_to, key=lambda c: (len(seated[c]), c.number), default=None)
        if circle:
            seated[circle].append(one)
        ProposedSeat.objects.create(run=run, enrolment_id=one, circle=circle)
    run.circles.exclude(pk__in=[circle.pk for circle, members in seated.items() if members]).delete()
    refresh(run)
    FormationRun.objects.filter(pk=run.pk).update(version=1)
    run.refresh_from_db()
    return run


def _may_join(proposal: Proposal, circle: ProposedCircle, members: list[str], ident: str) -> bool:
    lead = proposal.mentors[proposal.lead_of(circle)]
    return not proposal.broken_rules(lead, [proposal.mentees[one] for one in [*members, ident]])
