"""Lines of the log, without the secrets that stand in addresses.

Some links are keys of one person: whoever could read them in a log could use them. So both what the application logs
and what the web server logs has them cut out at the last moment, when the line is written.
"""

import logging
import re

SECRET = re.compile(r"(/(?:cal|join|reply|event/by-link|invitation|apply)/)[^/\s?#\"'<>.,\\]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    return SECRET.sub(r"\1[hidden]", text)


class LineFormatter(logging.Formatter):
    """Writes a record, its traceback included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
