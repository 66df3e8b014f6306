"""A calendar program as each person has one: it reads invitations as RFC 5546 says, in whatever order they come."""

import datetime as dt
import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage as Parsed

from django.core.mail import EmailMessage
from icalendar import Calendar
from icalendar.cal import Event as Entry


def as_sent(message: EmailMessage) -> bytes:
    """A mail as the bytes that leave for the mail server."""
    return message.message().as_bytes(linesep="\r\n")


def calendar_parts(raw: bytes) -> list[Parsed]:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    return [part for part in parsed.walk() if part.get_content_type() == "text/calendar"]


@dataclass
class Diary:
    """What one person's calendar shows: of each UID the highest SEQUENCE counts, then the latest DTSTAMP."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def receive(self, raw: bytes) -> None:
        for part in calendar_parts(raw):
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            for entry in calendar.walk("VEVENT"):
                assert (calendar["METHOD"] == "CANCEL") == (entry["STATUS"] == "CANCELLED")
                known = self.entries.get(str(entry["UID"]))
                if known is None or _rank(entry) > _rank(known):
                    self.entries[str(entry["UID"])] = entry

    @property
    def shown(self) -> dict[str, tuple[dt.datetime, dt.datetime, str]]:
        """Start, end and place of every entry that is not cancelled."""
        return {uid: facts(entry) for uid, entry in self.entries.items() if entry["STATUS"] != "CANCELLED"}


def facts(entry: Entry) -> tuple[dt.datetime, dt.datetime, str]:
    return entry["DTSTART"].dt.astimezone(dt.UTC), entry["DTEND"].dt.astimezone(dt.UTC), str(entry["LOCATION"])


def _rank(entry: Entry) -> tuple[int, dt.datetime]:
    return int(entry["SEQUENCE"]), entry["DTSTAMP"].dt
