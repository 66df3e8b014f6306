"""Whoever asks to be erased must have an answer within a month."""

from django.urls import reverse

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from privacy.models import Erasure
from staff.attention.base import Item, Rule
from ui.dates import uk_date


def erasures(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Requests to answer, and erasures of which those who work for us do not know. They belong to no cohort."""
    rows = Erasure.objects.unfinished().select_related("user").order_by("due_on")
    return [Item(None, _evidence(row), reverse("admin:erase_person", args=[row.user_id])) for row in rows]


def _evidence(row: Erasure) -> str:
    if not row.is_open:
        return f"Erased on {uk_date(row.answered_at)}: tell those who work with our data"
    late = row.due_on < clock.today()
    return f"{row.user}: {'was due an answer' if late else 'to be answered'} by {uk_date(row.due_on)}"


RULES = [
    Rule(
        key="erasure_asked",
        says="Somebody asks to be erased",
        action="See what is held, and answer",
        permission="privacy.erase_person",
        find=erasures,
        confided=True,
    ),
]
