"""Lines of the log, without the secrets that stand in addresses.

Some links are keys of one person: whoever could read them in a log could use them. So both what the application logs
and what the web server logs has them cut out at the last moment, when the line is written.
"""

import logging
import re
from urllib.parse import unquote

KEYS = "cal|join|reply|event/by-link|dates/by-link|stand-in(?!/end/)|were-you-there|invitation|apply|u"
SECRET = re.compile(rf"(/(?:{KEYS})/)[^/\s?#\"'<>.,\\]+", re.IGNORECASE)


# An address in which letters are written as “%63”: it leads to the same page, and holds the same secret.
ENCODED = re.compile(r"/[^\s\"'<>?#]*%[0-9a-f]{2}[^\s\"'<>?#]*", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def without_secrets(text: str) -> str:
    return SECRET.sub(r"\1[hidden]", ENCODED.sub(_plain, text))


def _plain(found: re.Match[str]) -> str:
    """The address as it reads decoded, where that shows a secret; else as it stands."""
    address = CONTROL.sub("", unquote(found[0]))
    return address if SECRET.search(address) else found[0]


class LineFormatter(logging.Formatter):
    """Writes a record, its traceback included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
