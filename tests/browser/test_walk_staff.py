"""Who runs the programme: a manager's day, and what a lead does at the ends of a cohort."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from circles.models import Announcement
from cohorts.models import Cohort
from organisations.models import Organisation, Participation
from tests.browser.walking import WIDTHS, Walker
from tests.factories import InterestFactory, OrganisationFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADINGS = "Name,E-mail domain,Sector"


# --- a manager ------------------------------------------------------------------------------------


def answers_an_interest(one: Walker, w: World) -> None:
    """From today's page: it is taken on, and its organisation confirmed."""
    asks = InterestFactory(organisation=OrganisationFactory(name="Nairn Foods"), cohort=w.recruiting)
    one.goes(reverse("admin:index"))
    one.follows("Answer: Nairn Foods")
    one.presses("Assign to me", says="It is yours to answer.")
    one.follows("Nairn Foods")
    one.follows("Confirm in a cohort")
    one.writes({"Mentee places": "", "First name": ""})
    one.is_refused("Confirm and invite")
    one.writes({"Mentee places": "4", "Mentor places": "1", "First name": "Femi"})
    one.presses("Confirm and invite", says="Nairn Foods is confirmed in Cohort 15.")
    assert Participation.objects.filter(organisation=asks.organisation, cohort=w.recruiting).exists()


def puts_off_and_brings_back(one: Walker, w: World) -> None:
    one.takes_from_menu("Today")
    one.follows("Put off: Dale Mills")
    one.is_refused("Put it off")
    one.writes({"Why it can wait": "We write to them next week."})
    one.presses("Put it off", says="Put off until")
    one.unfolds("Put off for now")
    one.presses("Bring back: Dale Mills", says="It is listed again.")


def acts_on_several(one: Walker, w: World) -> None:
    """Two nominations are chosen, one of which can't be acted on: the page between says so."""
    one.takes_from_menu("Nominations")
    for name in (w.reserve.full_name, w.started.nomination.full_name):
        one.main.locator("#result_list tr").filter(has_text=name).get_by_role("checkbox").check()
    one.main.locator("select[name=action]").select_option(label="Withdraw")
    one.looks()
    one.presses(re.compile("^Go$"), reads="Left out: 1")
    one.presses("Withdraw them", says="1 nominee withdrawn.")
    w.reserve.refresh_from_db()
    assert w.reserve.state == "withdrawn"


def takes_in_a_file(one: Walker, w: World) -> None:
    one.takes_from_menu("Organisations")
    one.follows("Take in a file")
    one.is_refused("Check the file")
    one.field("The file").set_input_files(_file("Tarn Water,tarn.example,Underwater"))
    one.presses("Check the file", reads="1 row needs correcting")
    one.follows("choose the file again")
    one.field("The file").set_input_files(_file("Tarn Water,tarn.example,Transport and logistics"))
    one.presses("Check the file", reads="Nothing has been stored yet.")
    assert not Organisation.objects.filter(name="Tarn Water").exists()
    one.presses("Take in 1 row", says="Taken in: 1 new")
    assert Organisation.objects.filter(name="Tarn Water").exists()


def _file(row: str) -> dict[str, object]:
    return {"name": "organisations.csv", "mimeType": "text/csv", "buffer": f"{HEADINGS}\n{row}\n".encode()}


def withdraws_and_undoes(one: Walker, w: World) -> None:
    who = w.mentee.user
    one.goes(reverse("admin:participants_enrolment_change", args=[w.mentee.pk]))
    one.follows(re.compile("^Withdraw$"))
    one.unfolds("What happens, and who is told: Close Circle 1")
    one.presses(f"Withdraw {who}", says="Done:")
    w.mentee.refresh_from_db()
    assert w.mentee.state == "withdrawn"
    one.follows("undo it")
    one.presses(f"Bring {who} back", says=f"{who} takes part again.")
    w.mentee.refresh_from_db()
    assert w.mentee.state == "enrolled"


def plans_the_next(one: Walker, w: World) -> None:
    one.goes(reverse("admin:cohort_page", args=[w.running.pk]))
    one.follows("Plan the next cohort from this one")
    one.writes({"Name": "", "Launch on or near": "2027-10-04"})
    one.is_refused("Work out the dates again")
    one.writes({"Name": "Cohort 17"})
    one.presses("Work out the dates again", reads="What it takes over")
    one.presses("Plan this cohort", says="Cohort 17 is planned.")
    assert Cohort.objects.filter(name="Cohort 17").exists()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manager(town: World, walk: Callable[..., Walker], width: str) -> None:
    one = walk(width, town.people["manager"])
    answers_an_interest(one, town)
    puts_off_and_brings_back(one, town)
    acts_on_several(one, town)
    takes_in_a_file(one, town)
    withdraws_and_undoes(one, town)
    plans_the_next(one, town)


# --- a lead ---------------------------------------------------------------------------------------


def writes_to_people(one: Walker, w: World) -> None:
    one.goes(reverse("admin:cohort_page", args=[w.running.pk]))
    one.follows("Write to people")
    one.goes(reverse("admin:announcement_new", args=[w.running.pk]))
    one.is_refused("Save the draft and look at it")
    one.field("Mentees").check()
    one.writes({"Subject": "The date of our closing", "Text": "It is on **Friday**."})
    one.presses("Save the draft and look at it", reads="What it looks like")
    one.unfolds("Show their names")
    one.presses("Send a test to myself", says="A test is on its way")
    one.follows("Send it")
    one.presses("Send it", says="It is being sent to")
    assert Announcement.objects.get(subject="The date of our closing").sent_at


def keeps_a_view(one: Walker, w: World) -> None:
    """A list that is narrowed is kept, and taken out as a file."""
    one.takes_from_menu("Interests")
    one.goes(reverse("admin:organisations_interest_changelist") + "?state__exact=new")
    one.follows("Save this view")
    one.is_refused("Save this view")
    one.writes({"Name": "Waiting"})
    one.presses("Save this view", says="“Waiting” is kept above the list.")
    one.follows(re.compile("^Download$"))
    one.is_refused("Download for Excel")
    one.chooses("What is it for?", "Running the cohort")
    one.downloads("Download for Excel", b"PK", role="button")
    one.goes(reverse("admin:organisations_interest_changelist"))
    one.follows("Waiting")


def switches_a_reminder(one: Walker, w: World) -> None:
    one.goes(reverse("admin:cohort_reminders", args=[w.running.pk]))
    one.goes(reverse("admin:reminder_rule", args=[w.rule.pk]))
    one.presses("Switch off", says="nobody gets it from now on")
    one.presses("Switch on", says="It is switched on.")


def calls_off_and_closes(one: Walker, w: World) -> None:
    one.goes(reverse("admin:call_off_event", args=[w.opening.pk]))
    one.presses("Call it off")
    w.opening.refresh_from_db()
    assert w.opening.called_off_at
    one.goes(reverse("admin:cohort_page", args=[w.pairs.pk]))
    one.follows("Close the cohort")
    one.presses("and release its figures", says="is closed. Its figures are released.")
    one.follows("Compare with other cohorts")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lead(town: World, walk: Callable[..., Walker], width: str) -> None:
    one = walk(width, town.people["lead"])
    writes_to_people(one, town)
    keeps_a_view(one, town)
    switches_a_reminder(one, town)
    calls_off_and_closes(one, town)
