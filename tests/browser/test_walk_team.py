"""Colleagues with fewer rights: an adviser, an analyst, and somebody who only reads."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from staff.models import Contact, Task
from tests.browser.closed import closed_with_figures
from tests.browser.walking import WIDTHS, Walker
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def an_adviser(one: Walker, w: World) -> None:
    """Answers what an organisation sent, notes what was said, and what is to be done next."""
    one.goes(reverse("admin:index"))
    one.takes_from_menu("Interests")
    one.follows("Ashdown Rail")
    one.cannot("Confirm in a cohort")
    one.presses("Assign to me", says="It is yours to answer.")
    one.follows("Ashdown Rail")
    one.presses("Mark as answered", says="Marked as answered.")
    w.interest.refresh_from_db()
    assert (w.interest.state, w.interest.assigned_to) == ("answered", w.people["relationship_manager"])
    one.takes_from_menu("Organisations")
    one.follows("Ashdown Rail")
    one.unfolds("Write down a contact")
    one.presses("Write it down", reads="There is a problem")
    one.writes({"With whom": "Sam Contact", "What was said": "They send four people."})
    one.presses("Write it down", says="The contact is written down.")
    assert "They send four people." in {contact.said for contact in Contact.objects.all()}
    one.follows("Add a task")
    one.is_refused("Add the task")
    one.writes({"What is to be done": "Send them the dates"})
    one.presses("Add the task", says="It is on the list of")
    one.presses("Done: Send them the dates", says="Done: Send them the dates")
    assert Task.objects.get(what="Send them the dates").done_at


def an_analyst(one: Walker, w: World) -> None:
    """Reads and takes along what was released. People are not for an analyst."""
    one.goes(reverse("admin:index"))
    one.takes_from_menu("Cohorts")
    one.goes(reverse("admin:cohort_page", args=[w.over.cohort.pk]))
    one.follows("Impact")
    one.reads("Before and after", "How these figures were made")
    one.unfolds("Confidence")
    one.downloads("figures as a workbook", b"PK")
    one.downloads("JSON to pass on", b"{")
    one.downloads("Report for funders", b"%PDF-")
    one.follows("Compare with other cohorts")
    one.reads("Cohort 13")
    one.goes(reverse("admin:evaluation_plan", args=[w.running.pk]))
    one.cannot("Keep this plan")
    one.goes(reverse("admin:close_cohort", args=[w.pairs.pk]), status=403)
    one.goes(reverse("admin:participants_enrolment_changelist"), status=403)


def one_who_reads(one: Walker, w: World) -> None:
    """Sees where everything stands and can change none of it."""
    one.goes(reverse("admin:index"))
    one.cannot("Put off", "Plan a cohort")
    one.goes(reverse("admin:cohort_page", args=[w.running.pk]))
    one.cannot("Close the cohort", "Change circles", "Plan the next cohort", "Add a task")
    one.follows("See it by organisation")
    one.takes_from_menu("Circles")
    one.follows("Circle 1")
    one.cannot(re.compile("^Save"), "Delete")
    one.takes_from_menu("Enrolments")
    one.follows(str(w.mentee.user))
    one.cannot(re.compile("^Withdraw$"), "Find a seat", "Write it down")
    one.goes(reverse("admin:announcement", args=[w.announcement.pk]))
    one.cannot("Save the draft", "Send it", "Throw it away")
    one.goes(reverse("admin:enrolment_withdraw", args=[w.mentee.pk]), status=403)
    one.goes(reverse("admin:circles_concern_changelist"), status=403)


@pytest.mark.parametrize("width", WIDTHS)
def test_colleagues(town: World, walk: Callable[..., Walker], width: str) -> None:
    town.over = closed_with_figures(town)
    an_adviser(walk(width, town.people["relationship_manager"]), town)
    an_analyst(walk(width, town.people["analyst"]), town)
    one_who_reads(walk(width, town.people["read_only"]), town)
