"""Making a person's answers go, and what they said in public. What was released about many of them stands."""

from django.db import transaction

from accounts.models import User
from surveys.models import GoalRating, ParticipantKey, Response, TeamNote, Testimonial
from surveys.selectors.held import keys_of


@transaction.atomic
def erase_answers(*, user: User) -> int:
    """Erase everything that is kept under the person's random keys, the keys first; how many rows went.

    From then on nothing that is left, in a backup of it too, says whose it was. Released figures and the ledger of
    whom they were about stay as they are: taking one person out of them is what would tell about that person.
    """
    keys = list(keys_of(user))
    gone = [
        ParticipantKey.objects.filter(enrolment__user=user).delete(),
        Response.objects.filter(participant_key__in=keys).delete(),
        GoalRating.objects.filter(participant_key__in=keys).delete(),
        TeamNote.objects.filter(participant_key__in=keys).delete(),
        TeamNote.objects.filter(enrolment__user=user).delete(),
    ]
    return sum(rows for rows, _ in gone)


@transaction.atomic
def erase_testimonials(*, user: User) -> int:
    """Take a person's quotes off the public page and out of the database; how many went."""
    return Testimonial.objects.filter(enrolment__user=user).delete()[0]
