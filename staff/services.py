"""What the programme team does across several apps at once."""

import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort
from cohorts.services import default_reminder_rules, default_session_plans, plan_ceremonies
from outbox.services import queue
from privacy.services import record
from surveys.services import ensure_surveys

# Mail about signing in leaves within ten minutes or not at all; this kind carries no code.
NO_SECRET: dict[str, str] = {}


@transaction.atomic
def prepare_cohort(*, cohort: Cohort, by: User | None) -> None:
    """Give a new cohort what every cohort has: reminder rules, session plans, two ceremonies, two surveys."""
    default_reminder_rules(cohort)
    default_session_plans(cohort)
    plan_ceremonies(cohort=cohort, by=by)
    ensure_surveys(cohort=cohort)
    record(by=by, verb="cohort.prepared", about=cohort)


@transaction.atomic
def remove_second_factor(*, person: User, by: User) -> bool:
    """For somebody who lost their phone: they set up a new one when they next sign in. They are told by e-mail."""
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if removed:
        record(by=by, verb="person.second_factor_removed", about=person)
        queue(
            kind="account.totp_deactivated", about=person, to=person, occurrence=secrets.token_hex(8), secret=NO_SECRET
        )
    return bool(removed)
