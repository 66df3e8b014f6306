"""The kinds of message there are. Each app registers its own; the outbox knows none of them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import TextChoices

from outbox.calendar import CalendarPart
from outbox.hours import Hours, at_once, working_hours

if TYPE_CHECKING:
    from outbox.models import Message

# What a template may use: plain values, never objects, so that text from people can be made safe in one place.
Context = dict[str, object]


@dataclass(frozen=True)
class Variable:
    """One thing that a kind's text may say: its name in the template, what it means, and an invented example.

    The example of a link of ours is an address on this site, from its first “/”.
    """

    name: str
    meaning: str
    example: object

    @property
    def use(self) -> str:
        """How it is written into a text."""
        if isinstance(self.example, bool):
            return f"{{% if {self.name} %}}…{{% else %}}…{{% endif %}}"
        if isinstance(self.example, list):
            return f"{{% for one in {self.name} %}}{{{{ one }}}}{{% endfor %}}"
        return f"[words]({{{{ {self.name} }}}})" if self.is_link else f"{{{{ {self.name} }}}}"

    @property
    def is_link(self) -> bool:
        return isinstance(self.example, str) and self.example.startswith("/")

    @property
    def example_words(self) -> str:
        """The example as somebody reads it beside the text."""
        if isinstance(self.example, bool):
            return "yes or no"
        return "; ".join(self.example) if isinstance(self.example, list) else str(self.example)


def variables(*names: str, of: dict[str, tuple[str, object]]) -> tuple[Variable, ...]:
    """Those of a glossary (name: meaning and example) that have these names, in this order."""
    return tuple(Variable(name, *of[name]) for name in names)


class Category(TextChoices):
    """Mail that a person may do without. What has none is essential and always comes."""

    NUDGES = "nudges", "Reminders about sessions"
    CIRCLE = "circle", "Notices that people in your circle write"
    SURVEYS = "surveys", "Requests to answer a survey"
    DIGESTS = "digests", "Summaries"
    NEWS = "news", "News of the programme"


def always(_message: "Message") -> str:
    return ""


def no_calendar(_message: "Message") -> CalendarPart | None:
    return None


def never(_about: Any, _at: dt.datetime) -> bool:
    return False


@dataclass(frozen=True)
class MessageKind:
    """One kind of message.

    `still_due` is asked again when the message leaves: it returns "" or the reason why it is not due any more.
    Its text is the template `mail/<key>.md`: a first line `Subject: …`, then Markdown; staff may write another one,
    from its `variables`, which are exactly what `context` gives. It must then say each of the `required` ones.
    `category` is blank for essential mail, which nobody can refuse. `hours` says of the thing that it is about what it
    waits for, and `urgent` of it and a moment whether it overtakes what many are sent; what leaves at once always does.
    `known_to` is for a kind that tells by itself what was said in confidence: the keys of those things of which a
    member of the team may know. To everybody else on the team it is as if there were no such message.
    `related` names what belongs to that thing and is read with it, as Django's prefetching names it. `read` reads what
    else many messages must know; each then has it as its `facts`. Kinds with the same `read` are read together.
    """

    key: str
    title: str
    audience: str
    context: Callable[["Message"], Context]
    still_due: Callable[["Message"], str] = always
    calendar: Callable[["Message"], CalendarPart | None] = no_calendar
    variables: tuple[Variable, ...] = ()
    required: tuple[str, ...] = ()
    category: Category | str = ""
    hours: Callable[[Any], Hours] = working_hours
    related: tuple[str, ...] = ()
    urgent: Callable[[Any, dt.datetime], bool] = never
    known_to: Callable[[Any], Any] | None = None
    read: Callable[[list["Message"]], Any] | None = None

    @property
    def template(self) -> str:
        return f"mail/{self.key}.md"

    def is_urgent(self, about: Any, at: dt.datetime) -> bool:
        """Whether a message about this, queued at a moment, overtakes what many are sent, and no limit holds it up."""
        return self.hours is at_once or self.urgent(about, at)


_kinds: dict[str, MessageKind] = {}
_finders: list[Callable[["Message"], str]] = []


def answered_at(find: Callable[["Message"], str]) -> None:
    """Ask `find` where an answer to a message goes. It says "" where it does not know; the setting counts then."""
    if find not in _finders:
        _finders.append(find)


def reply_address(message: "Message") -> str:
    return next((address for find in _finders if (address := find(message))), settings.MAIL_REPLY_TO)


def register(kind: MessageKind) -> MessageKind:
    """Make a kind known. Raises ValueError when another one has its key."""
    if kind.key in _kinds and _kinds[kind.key] != kind:
        raise ValueError(f"There is a kind of message called {kind.key} already.")
    _kinds[kind.key] = kind
    return kind


def known(key: str) -> bool:
    return key in _kinds


def get(key: str) -> MessageKind:
    return _kinds[key]


def every() -> list[MessageKind]:
    return [_kinds[key] for key in sorted(_kinds)]
