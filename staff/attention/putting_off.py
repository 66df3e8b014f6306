"""Putting off what needs attention, with a reason and until a day; and bringing it back before."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from privacy.services import record
from staff.attention.base import Item, Rule
from staff.models import PutOff


@transaction.atomic
def put_off(*, rule: Rule, item: Item, until: dt.date, reason: str, by: User) -> PutOff:
    """List it no more, for anybody in the team, until that day. Said again, the later words hold."""
    said = {"cohort_id": item.cohort_id, "until": until, "reason": reason, "by": by}
    row, _ = PutOff.objects.update_or_create(rule=rule.key, subject=item.key, defaults=said)
    record(by=by, verb="attention.put_off", about=row, rule=rule.key, subject=item.key, until=until.isoformat())
    return row


@transaction.atomic
def bring_back(*, row: PutOff, by: User) -> None:
    """List it again at once, if it is still there."""
    record(by=by, verb="attention.brought_back", about=row, rule=row.rule, subject=row.subject)
    row.delete()
