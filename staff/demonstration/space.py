"""What the people of one circle have put into their space, and a concern that waits for the team."""

import datetime as dt

from accounts import clock
from circles.models import Circle, Session
from circles.services import agenda, confidence, space
from cohorts.models import Cohort
from participants.models import Enrolment
from staff.demonstration.sessions import lead_of, sitting

NOTICE = "Here is the article on sponsors that came up on Tuesday: https://library.example/sponsors"
AGENDA = ["Asking for a stretch role", "Saying no without closing a door", "What to put into a one-page career plan"]
GOAL = "Each of us has asked one person in another team for feedback"
ACTIONS = ["Write to my manager about the stretch role", "Share the template for a one-page career plan"]
DECISIONS = "We begin with ten minutes each for news.\n\nFrom now on two of us bring a question, in turn."
REFLECTION = "I spoke too little again. Next time I say the first thing that I have written down."
CONCERN = "Twice now somebody in the circle has told others outside what was said. Please talk to me before you act."


def furnish(cohort: Cohort) -> None:
    """The first circle with a lead uses its space; somebody in the next one raises a concern."""
    first, second = [circle for circle in cohort.circles.order_by("number") if lead_of(circle)][:2]
    lead = lead_of(first)
    held = Session.objects.planned().filter(circle=first, starts_at__lt=clock.now()).order_by("starts_at").last()
    if held is not None and lead is not None:
        clock.move_to(held.ends_at + dt.timedelta(hours=2))
        _use(first, held, lead, [one for one in sitting(first) if one.role == "mentee"])
    clock.move_to(clock.now() + dt.timedelta(days=1))
    confidence.raise_concern(enrolment=sitting(second)[-1], text=CONCERN)


def _use(circle: Circle, held: Session, lead: Enrolment, members: list[Enrolment]) -> None:
    space.write_note(session=held, decisions=DECISIONS, version=0, enrolment=lead)
    space.put_up(circle=circle, text=NOTICE, enrolment=lead)
    wanted = zip(AGENDA, members, strict=False)
    items = [agenda.add_item(circle=circle, text=text, enrolment=member) for text, member in wanted]
    for member in members[1:4]:
        space.set_vote(item=items[0], wanted=True, enrolment=member)
    space.add_goal(circle=circle, text=GOAL, competency="", enrolment=members[0])
    due = clock.today() + dt.timedelta(days=14)
    to_do, shared = (
        space.add_action(circle=circle, text=text, owner=owner, due_on=due, enrolment=lead)
        for text, owner in zip(ACTIONS, members[:2], strict=True)
    )
    space.set_action_done(action=shared, done=True, enrolment=to_do.owner)
    confidence.reflect(session=held, enrolment=members[0], text=REFLECTION)
