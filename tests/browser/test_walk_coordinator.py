"""A coordinator: puts people forward, reminds, replaces, withdraws, hands on; reads what came of it; says yes again."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from outbox.models import Message
from participants.models import Nomination
from tests.browser.closed import closed_with_figures
from tests.browser.walking import WIDTHS, Walker
from tests.factories import NominationFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def orders_the_reserve_list(one: Walker, w: World) -> None:
    one.goes(reverse("portal:home"))
    one.follows("Places and people in Cohort 15")
    one.presses(f"Up: {w.second.full_name}", says="has been moved on your reserve list")
    one.follows(f"Withdraw {w.reserve.full_name}")
    one.presses("Withdraw", says=f"{w.reserve.full_name} has been withdrawn.")
    one.unfolds("Not taking part")
    w.reserve.refresh_from_db()
    assert w.reserve.state == "withdrawn"


def puts_forward(one: Walker, w: World) -> None:
    one.follows("Nominate somebody")
    one.is_refused("Nominate, then another")
    one.writes({"First name": "Noor", "Last name": "Ashby", "Work e-mail": "noor@ashdown.example"})
    one.chooses("Role", "Mentee")
    one.writes({"Why you are putting them forward": "Ready, in spite of her illness."})
    one.presses("Nominate, then another", reads="“illness”")  # which nobody should write of somebody
    one.writes({"Why you are putting them forward": "Ready for a wider view."})
    one.presses("Nominate, then another", says="Noor Ashby has been invited.")
    assert Nomination.objects.get(email="noor@ashdown.example").state == "invited"


def takes_a_list(one: Walker, w: World) -> None:
    one.goes(reverse("portal:import_nominations", args=[w.recruiting_participation.pk]))
    one.is_refused("Check the list")
    rows = ["First name,Last name,Work e-mail,Role,Reason", "Lin,Low,not an address,mentee,"]
    one.field("Your list").set_input_files(_file(rows))
    one.presses("Check the list", reads="1 row needs correcting")
    one.follows("choose the file again")
    one.field("Your list").set_input_files(_file([rows[0], "Lin,Low,lin@ashdown.example,mentee,"]))
    one.presses("Check the list", reads="will be invited")
    one.presses("Import 1 row")
    assert Nomination.objects.filter(email="lin@ashdown.example").exists()


def _file(rows: list[str]) -> dict[str, object]:
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}


def sees_to_those_who_have_not_answered(one: Walker, w: World) -> None:
    """They are reminded; one is written to again, and their place then given to somebody else."""
    one.goes(reverse("portal:organisation", args=[w.recruiting_participation.pk]))
    one.follows("See who first, and choose")
    before = Message.objects.count()
    one.presses("Send the reminder", says="We are writing to")
    assert Message.objects.count() > before
    one.follows(f"Send again to {w.nomination.full_name}")
    one.presses("Send it again", says="Only the new link works.")
    one.follows(f"Replace {w.nomination.full_name}")
    one.is_refused("Replace")
    one.writes({"First name": "Remi", "Last name": "Cole", "Work e-mail": "remi@ashdown.example"})
    one.presses("Replace", says=f"{w.nomination.full_name} has been withdrawn.")


def confirms_who_applied(one: Walker, w: World) -> None:
    one.goes(reverse("portal:organisation", args=[w.by_application.pk]))
    one.presses(f"Confirm {w.applied.full_name}", says=f"{w.applied.full_name} has been invited.")
    one.follows("Replace this link with a new one")
    one.presses("Make a new link", says="There is a new link.")


def reads_the_figures(one: Walker, w: World) -> None:
    one.goes(reverse("portal:organisation", args=[w.over.pk]))
    one.follows("What came of it, in figures about many")
    one.reads("Whole cohort", "Ashdown Rail")
    one.goes(reverse("portal:organisation", args=[w.over.pk]))
    one.follows("Evidence")
    one.downloads("Download as PDF", b"%PDF-")


def goes_on(one: Walker, w: World) -> None:
    """Says yes to the next cohort, and asks a colleague to see to it too."""
    one.goes(reverse("portal:renewal", args=[w.participation.pk, w.elsewhere.pk]))
    one.is_refused("Send our answer")
    one.chooses("Will you take part again?", "Yes, we would like to")
    one.writes({"How many mentees might take part?": "4"})
    one.presses("Send our answer", says="Your interest in Cohort 16 is registered")
    one.follows("Ask a colleague in, or hand over")
    one.writes({"First name": "Cass", "Last name": "Lee", "Work e-mail": "cass@employer.example"})
    one.presses("Ask them", says="We are asking Cass Lee.")
    one.presses("Take back: Cass Lee", says="Cass Lee is not asked any more.")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_coordinator(town: World, walk: Callable[..., Walker], width: str) -> None:
    town.second = NominationFactory(
        participation=town.recruiting_participation, state="reserve", reserve_position=2, first_name="Sol"
    )
    town.over = closed_with_figures(town)
    one = walk(width, town.coordinator)
    orders_the_reserve_list(one, town)
    puts_forward(one, town)
    takes_a_list(one, town)
    sees_to_those_who_have_not_answered(one, town)
    confirms_who_applied(one, town)
    reads_the_figures(one, town)
    goes_on(one, town)
