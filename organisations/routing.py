"""Who answers an organisation, and by when."""

import datetime as dt

from organisations.models import Interest

REPLY_WITHIN = 5  # working days, as the acknowledgement promises


def route(*, is_member: bool | None, has_package: bool | None) -> str:
    """The kind of adviser: a support package counts before membership; “not sure” counts as no."""
    if has_package:
        return Interest.Routing.INCLUSION_ADVISER
    if is_member:
        return Interest.Routing.RELATIONSHIP_MANAGER
    return Interest.Routing.ADVISORY_TEAM


def working_days_after(day: dt.date, days: int) -> dt.date:
    """The day that many days from Monday to Friday later."""
    while days:
        day += dt.timedelta(days=1)
        days -= day.weekday() < 5
    return day
