"""What the texts of this app's messages may say, with invented examples."""

from outbox.kinds import Variable, variables

_WHEN = "Tuesday 19 January 2027, 12:30pm (UK time)"
_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "group_word": ("“circle” or “pair”", "circle"),
    "cohort": ("The cohort’s name", "Cohort 15"),
    "leads": ("Whether the person leads the circle", False),
    "pair": ("Whether it is a pair", False),
    "ends": ("Whether the circle has come to an end", True),
    "lead": ("Who leads the circle; blank when nobody does", "Zainab Cole"),
    "members": ("How many members the circle has", 8),
    "first_session": (
        "When the next session is; blank when none is planned",
        "Tuesday 19 January 2027, 12:30pm (UK time)",
    ),
    "reason": ("What stood in the way of a seat, in words", "No mentor is free on Tuesdays at 12:30."),
    "circle_url": ("The circle’s page", "/circle/1/"),
    "by_themselves": ("Whether they left of their own accord; otherwise the team withdrew them, as agreed", True),
    "back_until": ("Until when it can be undone", _WHEN),
    "part_url": ("The person’s own page about their part in the cohort", "/enrolment/1/"),
    "home_url": ("The person’s own page", "/home/"),
    "seated": ("Whether the person has a seat in a circle", True),
    "number": ("Which session it is", 2),
    "when": ("When it is", _WHEN),
    "day": ("On which day it is", "Tuesday 19 January 2027"),
    "until": ("When it ends", "2pm"),
    "where": ("Where it is, in words", "Online"),
    "hand_over_url": ("For a new lead, the note of the one before; blank when there is none", "/circle/1/hand-over/"),
    "stand_in_url": ("The person’s own page on which they say whether they will lead it", "/stand-in/abc/"),
    "by_team": ("Whether the programme team asks, and not who leads the circle", False),
    "clash": ("Whether the person has another session at that time", False),
    "name": ("The name of who was asked", "Zainab Cole"),
    "answer": ("“yes”, “no”, or “ended” for who is no longer to lead it", "yes"),
    "led_by": ("Who leads this one session for the mentor; blank when nobody does", "Zainab Cole"),
    "changed": ("Whether the person was invited before, so that this is a change", False),
    "readdressed": ("Whether it goes to an address that the person has no more", False),
    "called_off": ("Whether it is cancelled for everybody; otherwise the person has left", True),
    "online": ("Whether one can join online", True),
    "reply_url": ("The person’s own page on which they say whether they come", "/reply/abc/"),
    "yes_url": ("The same page, with Yes chosen", "/reply/abc/?answer=yes"),
    "maybe_url": ("The same page, with Not sure chosen", "/reply/abc/?answer=maybe"),
    "no_url": ("The same page, with No chosen", "/reply/abc/?answer=no"),
    "preparation": ("What to prepare; may be blank", "Bring one question that you would like to talk about."),
    "dates": ("The proposed dates, a line for each", "Tuesday 19 January 2027, 12:30pm (UK time)"),
    "outcome": (
        "“stays” for the date that it is on already, “taken back” for none, “closed” for no more answers",
        "stays",
    ),
    "because": ("Why the programme team chose it, in its words; may be blank", "The room is free on no other day."),
    "poll_url": ("The person’s own page on which they say which dates suit", "/poll/abc/"),
    "join_url": ("The person’s own link into the meeting", "/join/abc/"),
    "session_url": ("The session’s page, where one signs in", "/session/1/"),
    "title": ("What the event is called", "Opening ceremony"),
    "description": ("What the event is about; may be blank", "Meet everybody, and hear how circles work."),
    "called_off_words": ("What the programme team says about it; may be blank", "The speaker is ill."),
    "attended": ("How many sessions the person came to", 5),
    "held": ("How many sessions there were", 6),
    "subject": ("The subject as staff typed it", "A room for our sessions"),
    "text": ("The text as staff typed it", "From January on we meet in Room 2."),
    "answer_url": ("The person’s own page on which they say whether they came", "/came/abc/"),
    "check_in_url": ("The person’s own page with two questions about the session", "/check-in/abc/"),
    "record_url": ("The page on which who leads the circle says who came", "/session/1/attendance/"),
    "writer": ("Who wrote it; “Member 3” for somebody who does not show their name", "Zainab Cole"),
    "notice": ("What they wrote", "Please bring one question that you would like to talk about."),
    "board_url": ("The circle’s notice board, where one signs in", "/circle/1/notices/"),
    "month": ("Which month it is about", "January 2027"),
    "add_url": ("The page on which a session is planned", "/circle/1/sessions/new/"),
    "organisation": ("The organisation", "Bramble Housing"),
    "places": ("How many places are used, a line for each role", ["Mentee places: 6 of 8 used, 4 of them accepted"]),
    "waiting": ("Whose answer is missing; may be empty", ["Nia Bright"]),
    "applied": ("How many have applied and wait for the coordinator", 2),
    "reserve": ("How many are on the reserve list", 1),
    "last_day": ("Until when people can be put forward", "Friday 27 November 2026"),
    "page_url": ("The organisation’s page", "/organisation/1/"),
    "check_url": ("The page on which others check the certificate", "/certificate/abc/"),
}


def of(*names: str) -> tuple[Variable, ...]:
    return variables(*names, of=_GLOSSARY)


PLACED = of(
    "first_name",
    "group_word",
    "cohort",
    "leads",
    "pair",
    "lead",
    "members",
    "first_session",
    "circle_url",
    "hand_over_url",
)
CIRCLE = of("first_name", "group_word", "cohort", "leads", "lead", "members", "circle_url")
UNSEATED = of("first_name", "group_word", "cohort", "leads", "ends", "home_url")
WAITING = of("first_name", "group_word", "cohort", "leads", "reason", "home_url")
LEFT = of("first_name", "cohort", "by_themselves", "back_until", "part_url")
RETURNED = of(
    "first_name", "group_word", "cohort", "seated", "leads", "first_session", "circle_url", "home_url",
)  # fmt: skip
MOVE_UNDONE = of("first_name", "group_word", "cohort", "leads", "first_session", "circle_url")
SESSION = of(
    "first_name", "number", "group_word", "when", "day", "until", "where", "changed", "called_off", "readdressed",
    "because", "preparation", "online", "reply_url", "yes_url", "maybe_url", "no_url", "join_url", "session_url",
    "led_by",
)  # fmt: skip
_STANDING_IN = ("first_name", "number", "group_word", "when", "day", "until", "where", "lead")
STAND_IN_ASKED = of(*_STANDING_IN, "by_team", "stand_in_url")
STAND_IN_ANSWERED = of(*_STANDING_IN, "name", "answer", "session_url")
STAND_IN_ATTENDANCE = of("first_name", "number", "group_word", "day", "record_url")
STAND_IN = of(*_STANDING_IN, "changed", "clash", "called_off", "readdressed", "online", "join_url", "session_url")
EVENT = of(
    "first_name", "title", "when", "until", "where", "description", "changed", "readdressed", "reply_url",
    "yes_url", "maybe_url", "no_url", "called_off", "called_off_words",
)  # fmt: skip
POLL = of("first_name", "group_word", "number", "dates", "until", "poll_url")
POLL_ENDED = of("first_name", "group_word", "number", "outcome", "because", "when", "circle_url")
CERTIFICATE = of("first_name", "attended", "held", "home_url", "check_url")
ATTENDANCE = of("first_name", "number", "group_word", "day", "answer_url", "check_in_url", "leads", "record_url")
NO_SESSION = of("first_name", "group_word", "month", "add_url", "circle_url")
DIGEST = of(
    "first_name", "organisation", "cohort", "places", "waiting", "applied", "reserve", "last_day", "page_url"
)  # fmt: skip
ANNOUNCEMENT = of("first_name", "cohort", "subject", "text")
NOTICE = of("first_name", "group_word", "writer", "notice", "board_url")
CONCERN = of("first_name", "day")
