"""What the team keeps for itself: contacts, tasks, fee marks, and a colleague who is away this week."""

import datetime as dt

from accounts import clock
from accounts.models import User
from cohorts.covers import arrange
from cohorts.models import Cohort, Cover, StaffRole
from organisations.models import Fee
from organisations.services import mark_fee
from staff.desk import services, subjects
from staff.models import Contact

# (days ago, how, what was said)
TALKS = [
    (40, Contact.Channel.TELEPHONE, "Asked whether two regional offices can share places. Agreed that they can."),
    (12, Contact.Channel.VIDEO, "Went through who coordinates from next month. They will send us the new name."),
    (2, Contact.Channel.EMAIL, "They would like the dates of the next cohort before they plan their budget."),
]
# (days from today, role of who does it, what)
TASKS = [
    (-3, StaffRole.RELATIONSHIP_MANAGER, "Ring about the missing purchase order"),
    (0, StaffRole.INCLUSION_ADVISER, "Send the words for line managers"),
    (6, StaffRole.MANAGER, "Ask how recruitment goes"),
]
FEES = [Fee.PAID, Fee.INVOICED, Fee.AGREED, Fee.WAIVED]
AWAY = dt.timedelta(days=9)


def furnish(staff: dict[str, User], cohort: Cohort) -> None:
    """A few rows of each in a cohort that runs: about an organisation, a participant and the cohort itself."""
    parts = list(cohort.participations.filter(withdrawn_at=None).select_related("organisation"))
    by, today = staff[StaffRole.RELATIONSHIP_MANAGER], clock.today()
    for part, fee in zip(parts, FEES, strict=False):
        day = today - dt.timedelta(days=20)
        mark_fee(participation=part, fee=fee, on=day, note="", by=staff[StaffRole.LEAD])
    _talk(subjects.of(parts[0].organisation), by, today)
    person = subjects.of(cohort.enrolments.enrolled().select_related("user", "cohort")[0])
    fields = {"spoken_on": today - dt.timedelta(days=5), "channel": Contact.Channel.TELEPHONE, "spoke_with": ""}
    lead = staff[StaffRole.LEAD]
    services.write_contact(subject=person, by=lead, said="Prefers mails before nine. Agreed to try that.", **fields)
    about = [subjects.of(parts[1].organisation), subjects.of(parts[0].organisation), subjects.of(cohort)]
    for subject, (days, role, what) in zip(about, TASKS, strict=True):
        due_on = today + dt.timedelta(days=days)
        services.give_task(subject=subject, what=what, owner=staff[role], due_on=due_on, by=lead)
    adviser = staff[StaffRole.INCLUSION_ADVISER]
    arrange(cover=Cover(person=adviser, covered_by=by, first_day=today, last_day=today + AWAY), by=lead)


def _talk(subject: subjects.Subject, by: User, today: dt.date) -> None:
    for days, channel, said in TALKS:
        day = today - dt.timedelta(days=days)
        services.write_contact(
            subject=subject, by=by, spoken_on=day, channel=channel, spoke_with="their coordinator", said=said
        )
