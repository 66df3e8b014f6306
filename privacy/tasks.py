"""What is sealed and what is forgotten by the calendar, whichever app's it is."""

from celery import shared_task

from privacy.chain import forget_old_lines, seal_trail
from privacy.retention import forget_accounts, forget_cohorts, forget_complaints, forget_ledgers, forget_sign_ins


@shared_task(name="privacy.seal_trail")
def seal() -> int:
    """Seal the lines of the audit trail that are new. Running it twice seals nothing twice."""
    return seal_trail()


@shared_task(name="privacy.forget_old")
def forget_old() -> int:
    """Forget old cohorts and complaints, people whom nothing needs, what was for signing in, and both ledgers’ oldest.

    Running it twice changes nothing.
    """
    gone = forget_cohorts() + forget_complaints() + forget_accounts() + forget_sign_ins() + forget_ledgers()
    return gone + forget_old_lines()
