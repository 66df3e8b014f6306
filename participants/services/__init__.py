"""The verbs of this app."""

from participants.services.applications import apply, confirm_application, renew_application_link
from participants.services.asking_again import answer_again, ask_again, put_forward_waiting
from participants.services.employer_requests import (
    ask_employer_change,
    refuse_employer_change,
    take_back_employer_change,
)
from participants.services.employers import PlaceAfter, change_employer, place_after
from participants.services.enrolment import (
    complete_enrolment,
    is_editable,
    keep_access_needs,
    keep_dates,
    keep_goals,
    save_step,
    save_steps,
    told_of_leaving,
    withdraw_enrolment,
)
from participants.services.errors import IncompleteError, RefusedError
from participants.services.events import promote_waiting, reply_to_event
from participants.services.imports import import_nominations
from participants.services.invitations import (
    accept_nomination,
    decline_nomination,
    erase_answered,
    erase_unanswered,
    expire_nominations,
    fill_freed_places,
)
from participants.services.leave_requests import ask_to_leave, take_back_leaving
from participants.services.nominations import (
    correct_address,
    move_reserve,
    nominate,
    replace_nomination,
    send_again,
    withdraw_nomination,
)
from participants.services.onboarding import set_onboarding_done
from participants.services.places import holds_place, place_goes_to
from participants.services.reminders import remind_nominee, remind_nominees
from participants.services.returning import PlaceBack, come_back, place_back

__all__ = [
    "IncompleteError",
    "PlaceAfter",
    "PlaceBack",
    "RefusedError",
    "accept_nomination",
    "answer_again",
    "apply",
    "ask_again",
    "ask_employer_change",
    "ask_to_leave",
    "change_employer",
    "come_back",
    "complete_enrolment",
    "confirm_application",
    "correct_address",
    "decline_nomination",
    "erase_answered",
    "erase_unanswered",
    "expire_nominations",
    "fill_freed_places",
    "holds_place",
    "import_nominations",
    "is_editable",
    "keep_access_needs",
    "keep_dates",
    "keep_goals",
    "move_reserve",
    "nominate",
    "place_after",
    "place_back",
    "place_goes_to",
    "promote_waiting",
    "put_forward_waiting",
    "refuse_employer_change",
    "remind_nominee",
    "remind_nominees",
    "renew_application_link",
    "replace_nomination",
    "reply_to_event",
    "save_step",
    "save_steps",
    "send_again",
    "set_onboarding_done",
    "take_back_employer_change",
    "take_back_leaving",
    "told_of_leaving",
    "withdraw_enrolment",
    "withdraw_nomination",
]
