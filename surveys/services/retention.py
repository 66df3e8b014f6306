"""What of surveys comes to its end by the calendar: the ledger of releases, and quotes past their day."""

from django.db import transaction

from privacy.services import record_each
from surveys.models import LedgerEntry, Testimonial
from surveys.selectors.ledger import closed_long_ago


@transaction.atomic
def forget_old_ledgers() -> int:
    """Two years after its cohort closed, forget about whom figures were released; how many lines went.

    From then on the cohort's figures are final: without the ledger nothing new about it could be weighed.
    """
    return LedgerEntry.objects.filter(cohort__in=closed_long_ago()).delete()[0]


@transaction.atomic
def expire_testimonials() -> int:
    """Say of quotes that are past their day that they are, each with a line in the audit trail; how many."""
    over = list(Testimonial.objects.past_their_day().select_for_update())
    Testimonial.objects.filter(pk__in=[one.pk for one in over]).update(state=Testimonial.State.EXPIRED)
    record_each(
        by=None,
        verb="testimonial.expired",
        about=[(one, {"expired_on": one.expires_on.isoformat()}) for one in over if one.expires_on],
    )
    return len(over)
