"""Dates and times as they are written in pages and mails: British, in full, in UK time."""

import datetime as dt
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local(value: dt.datetime) -> dt.datetime:
    """The moment in UK time; a naive one is taken to be UK time already."""
    return value.astimezone(LONDON) if value.tzinfo else value


def as_date(value: dt.date | dt.datetime) -> dt.date:
    """The UK calendar day of a date or a moment."""
    return local(value).date() if isinstance(value, dt.datetime) else value


def uk_date(value: dt.date | dt.datetime) -> str:
    """“Wednesday 28 October 2026”."""
    day = as_date(value)
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def uk_time(value: dt.time | dt.datetime) -> str:
    """“12:30pm”, “9am”, “midday” or “midnight”."""
    time = local(value).time() if isinstance(value, dt.datetime) else value
    if (time.hour, time.minute) == (0, 0):
        return "midnight"
    if (time.hour, time.minute) == (12, 0):
        return "midday"
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{(time.hour - 1) % 12 + 1}{minutes}{'am' if time.hour < 12 else 'pm'}"


def uk_datetime(value: dt.datetime) -> str:
    """“Wednesday 28 October 2026, 12:30pm (UK time)”; its last two words stay on one line."""
    return f"{uk_date(value)}, {uk_time(value)} (UK\u00a0time)"


def date_range(start: dt.date | dt.datetime, end: dt.date | dt.datetime | None) -> str:
    """“3 to 17 October 2026”, naming only once what both ends share; one day when `end` is the same or None."""
    first = as_date(start)
    last = as_date(end) if end else first
    closing = f"{last.day} {last:%B} {last.year}"
    if first == last:
        return closing
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} to {closing}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {closing}"
    return f"{first.day} to {closing}"


def ordinal(number: int) -> str:
    """“1st”, “2nd”, “3rd”, “11th”."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ending}"
