"""The kinds of message there are. Each app registers its own; the outbox knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

from outbox.calendar import CalendarPart
from outbox.hours import Hours, working_hours

if TYPE_CHECKING:
    from outbox.models import Message

# What a template may use: plain values, never objects, so that text from people can be made safe in one place.
Context = dict[str, object]


class Category(TextChoices):
    """Mail that a person may do without. What has none is essential and always comes."""

    NUDGES = "nudges", "Reminders about sessions"
    SURVEYS = "surveys", "Requests to answer a survey"
    DIGESTS = "digests", "Summaries"
    NEWS = "news", "News of the programme"


def always(_message: "Message") -> str:
    return ""


def no_calendar(_message: "Message") -> CalendarPart | None:
    return None


@dataclass(frozen=True)
class MessageKind:
    """One kind of message.

    `still_due` is asked again when the message leaves: it returns "" or the reason why it is not due any more.
    Its text is the template `mail/<key>.md`: a first line `Subject: …`, then Markdown. `category` is blank for
    essential mail, which nobody can refuse. `hours` says of the thing that it is about what it waits for.
    """

    key: str
    title: str
    audience: str
    context: Callable[["Message"], Context]
    still_due: Callable[["Message"], str] = always
    calendar: Callable[["Message"], CalendarPart | None] = no_calendar
    category: Category | str = ""
    hours: Callable[[Any], Hours] = working_hours

    @property
    def template(self) -> str:
        return f"mail/{self.key}.md"


_kinds: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> MessageKind:
    """Make a kind known. Raises ValueError when another one has its key."""
    if kind.key in _kinds and _kinds[kind.key] != kind:
        raise ValueError(f"There is a kind of message called {kind.key} already.")
    _kinds[kind.key] = kind
    return kind


def get(key: str) -> MessageKind:
    return _kinds[key]


def every() -> list[MessageKind]:
    return [_kinds[key] for key in sorted(_kinds)]
