"""What people say after a session, and what a few of them tell the team."""

from random import Random

from accounts.models import User
from circles.models import Session
from cohorts.models import Cohort
from participants.models import Enrolment
from surveys.selectors.check_ins import check_in_page
from surveys.services import answer_check_in, settle_note

SHARE = 0.45
ONE_IN = 25  # answers with a note to the team
USEFULNESS = [2, 3, 3, 4, 4, 4, 5, 5]
NOTES = [
    "The meeting link didn’t work for the first ten minutes.",
    "We ran out of time before everybody had spoken. Could an agenda go round beforehand?",
    "Two of us would like to meet in person once.",
    "I was asked to explain more than I wanted to. Nothing dramatic, but I would like to talk about it.",
]


def check_in(session: Session, came: list[Enrolment], random: Random) -> None:
    """Some of those who came say how useful it was; now and then one adds a note, every other one with a name."""
    part = check_in_page(session.circle.cohort)
    if part is None:
        return
    item = part.instrument.items.all()[0]
    for enrolment in came:
        if random.random() >= SHARE:
            continue
        writes = random.randrange(ONE_IN) == 0
        answer_check_in(
            session=session, enrolment=enrolment, values={item.pk: random.choice(USEFULNESS)},
            note=random.choice(NOTES) if writes else "", named=writes and random.random() < 0.5,
        )  # fmt: skip


def settle_old_notes(cohort: Cohort, by: User) -> None:
    """The team has dealt with all notes of a closed cohort."""
    for note in cohort.team_notes.open():
        settle_note(note=note, by=by)
