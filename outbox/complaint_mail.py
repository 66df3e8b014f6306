"""Whether what was written about a complaint arrives, and writing again once the address is put right."""

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from accounts import clock
from accounts.models import User
from outbox import bounces
from outbox.complaint_emails import ANSWERED, RECEIVED
from outbox.complaints import lock, write
from outbox.models import Message, State, Suppression
from outbox.services import readdress
from privacy.complaint_models import Complaint
from privacy.services import record

STUCK, UNDER_WAY = (State.SKIPPED, State.FAILED), (State.WAITING, State.SENDING)
# A mail that was taken and comes back does so within days. An address that ends long after is no concern of ours.
COMES_BACK = dt.timedelta(days=7)


def mails(complaint: Complaint) -> list[Message]:
    """What was written to whoever complained, the newest first."""
    return list(Message.objects.about(complaint).order_by("-created_at"))


def why_unreached(complaint: Complaint) -> str:
    """Why the latest mail does not arrive, or the next one would not; blank where it is all well."""
    if not complaint.email:
        return ""
    if reason := bounces.suppressed([complaint.reached_at]).get(complaint.reached_at):
        return reason
    last = next(iter(mails(complaint)), None)
    return last.reason or last.get_state_display() if last and last.attempts and last.state in STUCK else ""


def unreached(user: User) -> list[Complaint]:
    """Those whose latest mail does not arrive, of which a member of the team may know; one query."""
    last = Message.objects.filter(object_id=OuterRef("pk"), kind__in=[RECEIVED, ANSWERED]).order_by("-created_at")
    found = Complaint.objects.for_staff(user).exclude(email="").select_related("user").order_by("due_on")
    address = Lower(Coalesce(OuterRef("user__email"), OuterRef("email")))
    stops = Suppression.objects.filter(address=address, lifted_at=None).values("since")
    how = {f"mail_{name}": Subquery(last.values(name)[:1]) for name in MAIL}
    rows = found.annotate(**how, stopped_since=Subquery(stops[:1]))
    return [row for row in rows if _is_stuck(row) or _came_back(row)]


MAIL = ("state", "attempts", "created_at")


def _is_stuck(row: Complaint) -> bool:
    """Tried, and in vain; what was never meant to leave was not tried."""
    return row.mail_state in STUCK and row.mail_attempts > 0


def _came_back(row: Complaint) -> bool:
    since, written = row.stopped_since, row.mail_created_at
    return since is not None and written is not None and since < written + COMES_BACK


@transaction.atomic
def write_again(*, complaint: Complaint, email: str, by: User) -> Complaint:
    """Take another address for whoever complained without an account, and write the latest mail anew.

    That is the acknowledgement, or the answer where there is one. What still waits goes to the new address by itself.
    """
    found = lock(complaint)
    email = email.strip().lower()
    if found.user is None and email != found.email:
        found.email = email
        found.save(update_fields=["email"])
        readdress(about=found, address=email)
    kind = RECEIVED if found.is_open else ANSWERED
    if not Message.objects.about(found).filter(kind=kind, state__in=UNDER_WAY).exists():
        write(kind, found, occurrence=f"again {clock.now():%Y-%m-%d %H:%M:%S.%f}")
    record(by=by, verb="complaint.readdressed", about=found)
    return found
