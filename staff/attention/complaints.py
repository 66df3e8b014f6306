"""Whoever complains about how we use personal data must be looked after, and have an answer within thirty days."""

import datetime as dt

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from outbox import complaint_mail
from privacy.complaint_models import PERMISSION
from privacy.models import Complaint
from staff.attention.base import Item, Rule
from ui.dates import uk_date

NEAR = dt.timedelta(days=10)  # before the last day


def waiting(user: User, cohorts: list[Cohort]) -> list[Item]:
    """What nobody looks into and is not pressing yet."""
    rows = Complaint.objects.for_staff(user).filter(state=Complaint.State.RECEIVED, due_on__gt=_soon())
    return [_item(one, f"received on {uk_date(one.created_at)}") for one in rows.order_by("due_on")]


def due(user: User, cohorts: list[Cohort]) -> list[Item]:
    """What is not answered and has to be soon, or had to be."""
    rows = Complaint.objects.for_staff(user).open().filter(due_on__lte=_soon())
    return [_item(one, _by_when(one)) for one in rows.order_by("due_on")]


def unreached(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Whoever complained does not get what was written to them last: that it came, or the answer."""
    return [_item(one, _what_fails(one)) for one in complaint_mail.unreached(user)]


def _what_fails(row: Complaint) -> str:
    return "they do not get word that it came" if row.is_open else "our answer does not reach them"


def _soon() -> dt.date:
    return clock.today() + NEAR


def _by_when(row: Complaint) -> str:
    by = f"{'was due an answer' if row.is_overdue else 'to be answered'} by {uk_date(row.due_on)}"
    return by if row.state == Complaint.State.LOOKED_INTO else f"{by}, and nobody looks into it"


def _item(row: Complaint, words: str) -> Item:
    """No name, so that a shared screen tells nothing."""
    return Item(None, f"{row}: {words}", row.get_absolute_url(), row.looked_into_by_id)


RULES = [
    Rule(
        key="complaint_unreached",
        says="Mail about a complaint does not arrive",
        action="Put the address right, or answer in another way",
        permission=PERMISSION,
        find=unreached,
        confided=True,
    ),
    Rule(
        key="complaint_due",
        says="A complaint about personal data has to be answered",
        action="Look into it, and answer",
        permission=PERMISSION,
        find=due,
        confided=True,
    ),
    Rule(
        key="complaint_waiting",
        says="A complaint about personal data came, and nobody looks into it",
        action="Read it and take it up",
        permission=PERMISSION,
        find=waiting,
        confided=True,
    ),
]
