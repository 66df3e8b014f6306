"""Where answers go: to the people who run the cohort that a message is about something of."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from cohorts.models import Cohort
from outbox import batch
from outbox.models import Message

# The way from a row to its cohort, where it does not name it itself.
STEPS = ["circle", "session", "enrolment", "participation"]


def reply_address(message: Message) -> str:
    """The address of the message's cohort; blank where it has none of ours. All addresses are read once for a batch."""
    cohort_id = cohort_id_of(message.about)
    return batch.once("cohorts.replies", _addresses).get(cohort_id, "") if cohort_id else ""


def is_ours(address: str) -> bool:
    """Whether an address is at one of the programme's own domains: answers, which may be personal, go nowhere else."""
    domains = {domain.strip().lower() for domain in settings.MAIL_REPLY_DOMAINS}
    return address.rpartition("@")[2].strip().lower() in domains


def cohort_id_of(row: Any) -> Any:
    """The key of the cohort that a row is of; None for a row of no cohort."""
    if isinstance(row, Cohort):
        return row.pk
    if hasattr(row, "cohort_id"):
        return row.cohort_id
    step = next((name for name in STEPS if hasattr(row, f"{name}_id")), None)
    try:
        return cohort_id_of(getattr(row, step)) if step else None
    except ObjectDoesNotExist:
        return None


def _addresses() -> dict[Any, str]:
    rows = Cohort.objects.exclude(reply_address="").values_list("pk", "reply_address")
    return {cohort: address for cohort, address in rows if is_ours(address)}
