"""Loads the whole demonstration: cohort by cohort, each stage at the time at which it would have happened."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.services import formation, membership, publishing
from cohorts.models import Cohort, Format, Side, Slot, StaffAssignment, StaffRole
from organisations.models import Participation
from organisations.services import record_demand, set_places
from outbox.complaints import receive
from outbox.services import muted
from participants.models import Enrolment, EnrolmentState, Nomination, NominationState
from participants.services import decline_nomination, nominate
from privacy import erasure_requests
from privacy.models import EXPORTED, Why
from privacy.services import record
from staff.demonstration import (
    check_ins,
    coordinators,
    desk,
    employers,
    life,
    lists,
    onboarding,
    participants,
    plans,
    sessions,
    space,
    takeover,
)
from staff.demonstration import surveys as answers
from staff.demonstration.names import EMPLOYERS, People
from staff.demonstration.plans import CohortPlan
from staff.services import prepare_cohort
from surveys.models import IntruderTest, Survey
from surveys.selectors import has_handed_in
from surveys.selectors.plans import planned
from surveys.services.closing import close_cohort
from surveys.services.plans import set_plan
from surveys.services.testimonials import approve_testimonial, offer_testimonial, signatures

SEED = 2014
STAFF_DOMAIN = "charity.example"
UNDELIVERABLE = "undeliverable.example"  # the demonstration's mail sink refuses it
ENGINE_ROUNDS = 150  # of the search: as many circles on a slow machine as on a fast one
TRIED_BY = "Jo Relations, who knows half of the employers, with the list of participants"
# (days ago, who, what happened, what would put it right)
COMPLAINTS = [
    (
        23,
        "Ines Okafor",
        "I said no to a nomination in spring, and you wrote to me again.",
        "Don’t write again.",
    ),
    (2, "Hal Brennan", "My former employer’s name still stood on the list of my circle.", ""),
]
# (role, first name, last name)
STAFF = [
    (StaffRole.LEAD, "Morgan", "Lead"),
    (StaffRole.MANAGER, "Robin", "Manager"),
    (StaffRole.INCLUSION_ADVISER, "Alex", "Adviser"),
    (StaffRole.RELATIONSHIP_MANAGER, "Jo", "Relations"),
    (StaffRole.ANALYST, "Sky", "Analyst"),
    (StaffRole.READ_ONLY, "Pat", "Reader"),
]
Progress = Callable[[float, str], None]


@contextmanager
def in_the_past() -> Iterator[None]:
    """Whatever the clock is moved to inside, outside it goes on as it did; and nothing inside is mailed."""
    moved = clock.offset()
    with muted("It happened before this demonstration was loaded."):
        try:
            yield
        finally:
            clock.move_to(clock.now() - clock.offset() + moved)


def at(day: dt.date, hour: int = 10) -> None:
    clock.move_to(dt.datetime.combine(day, dt.time(hour), tzinfo=clock.LONDON))


class Programme:
    """The loader's state: what chance there is, who is left to invent, and who works for the charity."""

    def __init__(self, progress: Progress) -> None:
        self.random = Random(SEED)  # noqa: S311 - invented people need no secrecy
        self.people = People(self.random)
        self.progress = progress
        self.now, self.today = clock.now(), clock.today()
        self.staff: dict[str, User] = {}

    def make_staff(self) -> None:
        for role, first, last in STAFF:
            user = User.objects.create_user(
                f"{first}.{last}@{STAFF_DOMAIN}", first_name=first, last_name=last, is_staff=True
            )
            StaffAssignment.objects.create(user=user, role=role)
            self.staff[role] = user

    @property
    def lead(self) -> User:
        return self.staff[StaffRole.LEAD]

    def make_cohort(self, plan: CohortPlan) -> Cohort:
        at(min(plan.dates(self.today)["applications_from"], self.today))
        kind = Format.objects.get(key=plan.format)
        sizes = {"circle_minimum": 5, "circle_target": 8} if not kind.is_pair else _pair_sizes()
        cohort = Cohort.objects.create(
            format=kind, number=plan.number, name=plan.name, places=plans.CITIES, **sizes, **plan.dates(self.today)
        )
        for weekday, start in plans.SLOTS:
            Slot.objects.create(cohort=cohort, weekday=weekday, start=dt.time.fromisoformat(start))
        prepare_cohort(cohort=cohort, by=self.lead)
        set_plan(cohort=cohort, outcomes=planned(cohort), by=self.lead)
        return cohort

    # --- employers and people ---------------------------------------------------------------------

    def bring_in_employers(self, plan: CohortPlan, cohort: Cohort) -> list[Participation]:
        counts = _shared_out(plan, cohort)
        found = []
        for position, index in enumerate(plan.employers):
            at(cohort.applications_from + dt.timedelta(days=5 + position))
            interest = employers.register(EMPLOYERS[index], self.people, cohort)
            at(cohort.confirmation_from + dt.timedelta(days=3 + position))
            found.append(employers.confirm(interest, cohort, counts[index], self.people, self.lead))
        return found

    def recruit(self, plan: CohortPlan, participations: list[Participation], *, answering: float) -> list[Enrolment]:
        """Coordinators put people forward until the plan is full; that share of the nominees has answered."""
        cohort = participations[0].cohort
        at(cohort.recruitment_from + dt.timedelta(days=12))
        choices = participants.Choices.of(cohort, self.random)
        nominations = self._nominate(plan, participations)
        at(min(cohort.recruitment_from + dt.timedelta(days=26), self.today - dt.timedelta(days=2)))
        enrolled: list[Enrolment] = []
        for nomination in nominations:
            if nomination.role != cohort.format.lead_role and self.random.random() > answering:
                self._leave(nomination, choices)
                continue
            enrolled.append(participants.enrol(nomination, choices, self._side(cohort, nomination, enrolled)))
        return enrolled

    def _nominate(self, plan: CohortPlan, participations: list[Participation]) -> list[Nomination]:
        """As many as there are agreed places, and one more where an employer can't choose."""
        made = []
        for index, participation in enumerate(participations):
            for place in list(participation.places.all()):
                made.append(participants.nominate(participation, place.role, self.people, self.random))
            if index % 6 == 5 and plan.format == "circles":
                participants.nominate(participation, "mentee", self.people, self.random)
        return [nomination for nomination in made if nomination.state == NominationState.INVITED]

    def _leave(self, nomination: Nomination, choices: participants.Choices) -> None:
        """Somebody who declines, or began and was called away, or has not answered."""
        chance = self.random.random()
        if chance < 0.3:
            decline_nomination(nomination=nomination)
        elif chance < 0.6:
            participants.enrol(nomination, choices, finish=False)

    def _side(self, cohort: Cohort, nomination: Nomination, enrolled: list[Enrolment]) -> str:
        """Partners choose their side: here in turn, so that there are as many of one as of the other."""
        chosen = cohort.format.side_of(nomination.role)
        return chosen or (Side.LEAD if len(enrolled) % 2 == 0 else Side.MEMBER)

    # --- circles ----------------------------------------------------------------------------------

    def form_circles(self, cohort: Cohort, *, with_reserve: bool) -> None:
        late = None
        if with_reserve:
            at(cohort.recruitment_until - dt.timedelta(days=2))
            late = takeover.begin(cohort, self.lead)
        at(cohort.onboarding_from + dt.timedelta(days=10))
        run = formation.start_run(cohort=cohort, by=self.lead, seconds=1)
        formation.carry_out(run_id=run.pk, rounds=ENGINE_ROUNDS)
        if late is not None:
            takeover.enrol(late)
        run.refresh_from_db()
        publishing.publish(run=run, by=self.lead)
        sessions.set_links(cohort)

    def answer_first_survey(self, cohort: Cohort, enrolled: list[Enrolment]) -> dict[Enrolment, answers.Respondent]:
        at(min(cohort.onboarding_from, self.today))
        respondents = {enrolment: answers.Respondent(self.random) for enrolment in enrolled}
        survey = Survey.objects.get(cohort=cohort, wave=Survey.Wave.PRE)
        answers.answer_all(survey, respondents, 0.92, self.random)
        return respondents

    def live(self, cohort: Cohort, enrolled: list[Enrolment]) -> None:
        """Sessions up to today, and what happens to people on the way."""
        at(cohort.launch_from - dt.timedelta(days=3))
        sessions.reply_to_ceremony(cohort, "opening", self.random)
        absent = sessions.absent_mentor(cohort) if cohort.close_from > self.today else None
        sessions.hold(cohort, self.now, self.random, absent=absent)
        if cohort.format.capacity > 1:
            self._withdraw_somebody(cohort, enrolled)

    def _withdraw_somebody(self, cohort: Cohort, enrolled: list[Enrolment]) -> None:
        placed = [e for e in enrolled if e.side == Side.MEMBER and e.memberships.current().exists()]
        at(min(cohort.sessions_from + dt.timedelta(days=45), self.today))
        membership.withdraw(enrolment=self.random.choice(placed), by=self.lead, note="Has changed jobs.")

    def close(self, cohort: Cohort, respondents: dict[Enrolment, answers.Respondent]) -> None:
        at(cohort.close_from, 9)
        staying = {e: r for e, r in respondents.items() if Enrolment.objects.active().filter(pk=e.pk).exists()}
        self._look_back(cohort, staying)
        for enrolment, quote in zip(list(staying)[:: len(staying) // 4], answers.QUOTES, strict=False):
            testimonial = offer_testimonial(enrolment=enrolment, quote=quote, attribution=signatures(enrolment)[0])
            approve_testimonial(testimonial=testimonial, by=self.lead)
        check_ins.settle_old_notes(cohort, self.lead)
        at(cohort.close_from + dt.timedelta(days=3))
        close_cohort(cohort=cohort, by=self.lead)
        IntruderTest.objects.create(
            done_on=clock.today(), recorded_by=self.lead, outcome=IntruderTest.Outcome.NOBODY, tried_by=TRIED_BY,
            tried="Every table of the impact page and the report, beside the list of participants and their rosters.",
        )  # fmt: skip
        answers.pass_on(cohort, self.lead)

    def _look_back(self, cohort: Cohort, staying: dict[Enrolment, answers.Respondent]) -> None:
        """The survey at the end, the pages after it for those who like, and how far people are with their goals."""
        surveys = {survey.wave: survey for survey in cohort.surveys.all()}
        answers.ask_own_questions(surveys[Survey.Wave.POST])
        answers.answer_all(surveys[Survey.Wave.POST], staying, 0.8, self.random)
        again = {e: r.speaking_aside() for e, r in staying.items() if has_handed_in(e, Survey.Wave.POST)}
        aside = Random(SEED)  # noqa: S311 - its own, so that the later cohorts do not depend on it
        answers.answer_all(surveys[Survey.Wave.THEN], again, 0.6, aside)
        answers.rate_goals(list(again)[::3], aside, ended=True)

    # --- what is still open today ---------------------------------------------------------------------

    def leave_open_work(self, upcoming: Cohort, recruiting: Cohort) -> None:
        """What the team finds this morning: employers who asked, and people whose employer is not in."""
        for days, index, question in ((9, 1, 0), (6, 2, 1), (1, 14, 2)):
            at(self.today - dt.timedelta(days=days), 15)
            cohort = upcoming if days != 6 else None
            employers.register(EMPLOYERS[index], self.people, cohort, message=employers.QUESTIONS[question])
        at(self.today - dt.timedelta(days=9))
        coordinators.ask_again(upcoming, self.lead)
        coordinators.share_the_work(recruiting, self.people)
        for _ in range(3):
            record_demand(employer="Netherwick Ferries", email="", may_tell_employer=True)
        gone = Enrolment.objects.filter(state=EnrolmentState.COMPLETED).order_by("user__sort_name").first()
        if gone is not None:
            at(self.today - dt.timedelta(days=4), 19)
            erasure_requests.ask(user=gone.user, by=gone.user)
        for days, name, text, wish in COMPLAINTS:
            at(self.today - dt.timedelta(days=days), 9)
            receive(name=name, email=f"{name.split()[0].lower()}@mail.example", text=text, wish=wish)
        at(self.today - dt.timedelta(days=1), 11)
        taken = {"list": "participants.enrolment", "file": "xlsx", "rows": 84, "purpose": Why.COHORT.value}
        record(by=self.staff[StaffRole.MANAGER], verb=EXPORTED, about=self.staff[StaffRole.MANAGER], **taken)


def _pair_sizes() -> dict[str, int]:
    return {"circle_minimum": 1, "circle_target": 1}


def _shared_out(plan: CohortPlan, cohort: Cohort) -> dict[int, dict[str, int]]:
    """Agreed places for each employer and role, as even as they go; somebody always ends with exactly three."""
    kind = cohort.format
    wanted = {kind.lead_role: plan.leads, kind.member_role: plan.members}
    if kind.lead_role == kind.member_role:
        wanted = {kind.lead_role: plan.leads + plan.members}
    many = len(plan.employers)
    return {
        index: {role: total // many + (position < total % many) for role, total in wanted.items()}
        for position, index in enumerate(plan.employers)
    }


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of short-lived objects and no cycles: looking for garbage among them is a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@without_collecting()
@transaction.atomic
def load(progress: Progress) -> None:
    """Load everything in one transaction: it is all there, or nothing is."""
    programme = Programme(progress)
    with in_the_past():
        programme.make_staff()
        cohorts = {}
        for done, plan in enumerate(plans.PLANS):
            progress(done / len(plans.PLANS), plan.name)
            cohorts[plan.number, plan.format] = _load_cohort(programme, plan)
        employers.mark_history(programme.staff)
        programme.leave_open_work(cohorts[16, "circles"], cohorts[15, "circles"])
        clock.move_to(programme.now)
        desk.furnish(programme.staff, cohorts[14, "circles"])
        life.show(cohorts[14, "circles"], cohorts[15, "circles"], programme.now, programme.lead)
        lists.save_views(programme.lead)
        lists.load_past_cohort(programme.people, programme.lead)
    _send_one_to_nowhere(programme, cohorts[15, "circles"])
    progress(1, "done")


def _load_cohort(programme: Programme, plan: CohortPlan) -> Cohort:
    cohort = programme.make_cohort(plan)
    if plan.stage == "upcoming":
        return cohort
    participations = programme.bring_in_employers(plan, cohort)
    enrolled = programme.recruit(plan, participations, answering=0.7 if plan.stage == "recruiting" else 0.97)
    respondents = programme.answer_first_survey(cohort, enrolled)
    onboarding.tick_off(cohort, enrolled, 0.35 if plan.stage == "recruiting" else 0.8)
    if plan.stage == "recruiting":
        return cohort
    programme.form_circles(cohort, with_reserve=plan.stage == "running" and not cohort.format.is_pair)
    programme.live(cohort, enrolled)
    if plan.stage == "closed":
        programme.close(cohort, respondents)
    else:
        clock.move_to(programme.now)
        sessions.reply_to_next(cohort, programme.random)
        if cohort.format.key == "circles":
            space.furnish(cohort)
            clock.move_to(programme.now)
            sessions.propose_dates(cohort)
            sessions.fill_masterclass(cohort)
    return cohort


def _send_one_to_nowhere(programme: Programme, cohort: Cohort) -> None:
    """One invitation goes out for real, to an address that refuses it: the team sees it stuck."""
    participation = cohort.participations.select_related("organisation").first()
    agreed = {role: participation.places.filter(role=role).count() for role in cohort.format.roles}
    set_places(participation=participation, places=agreed | {"mentee": agreed["mentee"] + 1}, by=programme.lead)
    first, last, _ = programme.people.next(UNDELIVERABLE)
    nominate(
        participation=participation, role="mentee", first_name=first, last_name=last,
        email=f"{first}.{last}@{UNDELIVERABLE}".lower(), reason="", by=programme.lead,
    )  # fmt: skip
