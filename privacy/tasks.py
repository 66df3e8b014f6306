"""What is forgotten by the calendar, whichever app's it is."""

from celery import shared_task

from privacy.retention import forget_accounts, forget_cohorts, forget_sign_ins


@shared_task(name="privacy.forget_old")
def forget_old() -> int:
    """Forget old cohorts, then people whom nothing needs, then what was for signing in. Twice changes nothing."""
    return forget_cohorts() + forget_accounts() + forget_sign_ins()
