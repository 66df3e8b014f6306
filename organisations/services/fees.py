"""How far an organisation is with what its part in a cohort costs: a mark, not a bill."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from organisations.models import Fee, Participation
from privacy.services import record


@transaction.atomic
def mark_fee(*, participation: Participation, fee: str, on: dt.date | None, note: str = "", by: User) -> None:
    """Mark the fee as agreed, invoiced, paid or none, as of a day; or as open again, of no day.

    Raises ValidationError for a mark without its day, or of a day to come. The same mark again changes nothing.
    """
    day = _day_of(fee, on)
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    before = locked.fee, locked.fee_on, locked.fee_note
    if before == (fee, day, note):
        return
    locked.fee, locked.fee_on, locked.fee_note = Fee(fee), day, note
    locked.save(update_fields=["fee", "fee_on", "fee_note"])
    said = {"before": before[0], "fee": fee, "on": day.isoformat() if day else ""}
    record(by=by, verb="participation.fee_marked", about=locked, **said)


def _day_of(fee: str, on: dt.date | None) -> dt.date | None:
    if fee == Fee.OPEN:
        return None
    if on is None:
        raise ValidationError({"on": "Enter the day as of which this is so."})
    if on > clock.today():
        raise ValidationError({"on": "Choose today or a day before: it is a mark of what has happened."})
    return on
