"""What people have agreed to."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from privacy.models import ConsentEvent, Purpose


def consents(user: User) -> dict[str, bool]:
    """Every purpose and whether the person agrees to it today."""
    held = {e.wording.purpose: e.given for e in _latest([user.pk]).select_related("wording")}
    return {purpose: held.get(purpose, False) for purpose in Purpose.values}


def agreed(user_ids: Iterable[Any], purpose: str) -> set[Any]:
    """Those of the people who agree to the purpose today; one query."""
    return {e.user_id for e in _latest(user_ids, purpose) if e.given}


def _latest(user_ids: Iterable[Any], purpose: str = "") -> Any:
    events = ConsentEvent.objects.filter(user_id__in=list(user_ids))
    if purpose:
        events = events.filter(wording__purpose=purpose)
    return events.order_by("user_id", "wording__purpose", "-at", "-created_at").distinct("user_id", "wording__purpose")
