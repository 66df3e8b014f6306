"""A mentee: answers, sets the agenda, votes, thinks alone, sees what has changed, says that something is not right."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from circles.models import AgendaItem, Attendance, Concern, Reflection
from participants.models import EventReply
from tests.browser.walking import WIDTHS, Walker
from tests.factories import EnrolmentFactory, MembershipFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def answers(one: Walker, w: World) -> None:
    """The next session from the home page, the dates that are proposed, the opening ceremony."""
    one.goes(reverse("portal:home"))
    one.presses("I will come", says="Thank you, your answer is saved.")
    assert Attendance.objects.get(session=w.session, enrolment=w.mentee).reply == "yes"
    one.follows("Answer: Which date suits you?")
    one.is_refused("Save my answers")
    for number, answer in enumerate(["Yes", "If need be"]):
        one.main.get_by_role("radio", name=answer, exact=True).nth(number).check()
    one.presses("Save my answers", says="your answers are saved")
    one.takes_from_menu("Home")
    one.follows("Opening ceremony")
    one.presses("I can’t come")
    assert EventReply.objects.get(event=w.opening, enrolment=w.mentee).reply == "no"


def works_in_the_circle(one: Walker, w: World) -> None:
    one.takes_from_menu("Home")
    one.follows("Circle 1")
    one.is_refused("Add")
    one.writes({"Add something to talk about": "Asking for a sponsor"})
    one.presses("Add", says="Added to the agenda.")
    one.follows("Change: Asking for a sponsor")
    one.writes({"What to talk about": ""})
    one.is_refused("Save the change")
    one.writes({"What to talk about": "Asking for a sponsor at work"})
    one.presses("Save the change", says="Your change is saved.")
    one.presses("Vote for it: Asking for a sponsor", says="Your vote counts.")
    one.presses("Tick off: Asking for a stretch role", says="Ticked off.")
    assert AgendaItem.objects.get(text="Asking for a sponsor at work").votes.count() == 1
    one.follows("Notice board")
    one.writes({"Write a notice": "The room has changed."})
    one.presses("Post the notice", says="Your notice is posted")
    one.follows("Take away")
    one.presses("Take it away", says="The notice is taken away.")
    one.follows("Goals and actions")
    one.writes({"Add a goal": "Each of us meets somebody new"})
    one.presses("Add the goal", says="The goal is added.")
    one.presses("Mark as reached: Each of us meets somebody new", says="a goal is reached")
    one.presses("Mark as done: Write to my manager", says="Done.")


def thinks_alone(one: Walker, w: World) -> None:
    one.goes(reverse("portal:session", args=[w.past_session.pk]))
    one.follows("Write for yourself")
    one.writes({"Your thoughts": "I asked, and it was easy."})
    one.presses("Save for me alone", says="Kept, for you alone.")
    assert Reflection.objects.get(enrolment=w.mentee).text == "I asked, and it was easy."
    one.takes_from_menu("Home")
    one.follows("Your progress and goals in Cohort 14")
    one.follows("Rate your goals")
    one.chooses("when you started", "Not begun")
    one.chooses("now", "About half-way")
    one.presses("Save", says="Nobody but you can see them.")
    one.downloads("Download as PDF", b"%PDF-")
    one.takes_from_menu("Home")
    one.downloads("Download it (PDF): Cohort 14", b"%PDF-")


def raises_a_concern(one: Walker, w: World) -> None:
    one.follows("Raise a concern, in confidence: Cohort 14")
    one.is_refused("Send to the team, in confidence")
    one.writes({"What is not right?": "I am not heard."})
    one.presses("Send to the team, in confidence", says="The programme team has your message.")
    assert Concern.objects.filter(enrolment=w.mentee).count() == 2


def sees_to_their_account(one: Walker, w: World) -> None:
    one.takes_from_menu("Your account")
    for item, says in (("my name", "your name and no more."), ("my employer", "your name and your employer.")):
        one.chooses("What may the people you are placed with see?", item)
        one.presses("Save what they see", says=f"see {says}")
    one.presses("Stop: News of the programme", says="News of the programme")
    one.presses("Make it discreet", says="from now on")
    one.follows("See or change your calendar link")
    one.follows("Make a new link")
    one.presses("Make a new link", reads="We show it this once.")
    one.follows("Switch it off")
    one.presses("Switch it off", says="switched off")
    one.goes(reverse("portal:ask_erasure"))
    one.presses("Ask to be erased", says="We have your request.")
    one.presses("Take the request back", says="Taken back.")


def sets_other_goals(one: Walker, w: World) -> None:
    one.takes_from_menu("Home")
    one.follows("Change your goals in Cohort 14")
    one.writes({"In your own words": "To lead a project."})
    one.presses("Save my goals", says="Your goals are kept.")
    w.mentee.refresh_from_db()
    assert w.mentee.goal_note == "To lead a project."
    one.takes_from_menu("Your account")
    one.follows("What you need to take part")
    one.writes({"Access needs": "Captions"})
    one.presses("Save", says="Kept.")


def leaves_the_circle(one: Walker, w: World) -> None:
    """After publication: what follows is read first, and for a day it can be taken back. Another member stays."""
    other = EnrolmentFactory(cohort=w.running, state="enrolled")
    MembershipFactory(circle=w.circle, enrolment=other, seat=2)
    one.follows("Leave the programme")
    one.presses("Leave the programme", says="You have left the programme.")
    w.mentee.refresh_from_db()
    assert w.mentee.state == "withdrawn"
    one.presses("Come back", says="Welcome back")
    assert w.mentee.memberships.current().get().circle == w.circle


def leaves(one: Walker, w: World) -> None:
    """Somebody who has not finished enrolling gives their place back."""
    one.goes(reverse("portal:home"))
    one.follows("Carry on")
    one.follows("I can’t take part after all")
    one.presses("Give my place back", says="You have given your place back.")
    w.started.refresh_from_db()
    assert w.started.state == "withdrawn"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mentee(town: World, walk: Callable[..., Walker], width: str) -> None:
    one = walk(width, town.people["mentee"])
    answers(one, town)
    works_in_the_circle(one, town)
    thinks_alone(one, town)
    raises_a_concern(one, town)
    sees_to_their_account(one, town)
    sets_other_goals(one, town)
    leaves_the_circle(one, town)
    leaves(walk(width, town.people["enrolling"]), town)
