"""Tasks that somebody of the team gave somebody, whose day has come."""

from django.db.models import Q

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from staff.attention.base import Item, Rule, plural, short_date
from staff.desk import reach
from staff.models import Task


def due(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Tasks that are not done, due today or before; of no cohort, or of one of these."""
    mine = Q(cohort=None) | Q(cohort__in=cohorts)
    rows = Task.objects.due().for_staff(user).filter(mine)
    rows = rows.select_related("owner", "organisation", "person", "cohort")
    return [Item(one.cohort_id, _evidence(one), one.get_absolute_url(), one.owner_id) for one in rows]


def _evidence(task: Task) -> str:
    days = (clock.today() - task.due_on).days
    when = f"since {short_date(task.due_on)}, {plural(days, 'day')} late" if days else "today"
    return f"{task.what} ({task.about}), {when}, with {task.owner or 'nobody'}"


RULES = [
    Rule(
        key="task_due",
        says="Task that is due today or late",
        action="See the task",
        permission=reach.TASKS,
        find=due,
        list_page="admin:staff_task_changelist",
        list_filter=(("owner", "anybody"), ("due", "now")),
    ),
]
