"""Our mails as bytes are those that Django writes."""

import re

from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outbox import mime

CHANCE = re.compile(rb"={15}[0-9]+==|^Date: .*$", re.MULTILINE)
LINES = st.text(alphabet="aé .=-\t\r\n", max_size=30)
HEADER = st.one_of(st.text(alphabet='aé =?.,<>"()\\\t', max_size=130), st.text(max_size=40), st.just("Ada Obi"))
CALENDAR = st.sampled_from([[], [("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST")]])


def plainly(written: object) -> bytes | type:
    """The bytes without what is another each time, or the sort of error."""
    try:
        return CHANCE.sub(b"", written())
    except Exception as error:
        return type(error)


@settings(max_examples=100)
@given(texts=st.tuples(LINES, LINES), subject=HEADER, name=HEADER, link=HEADER, calendar=CALENDAR)
@example(texts=("x", "y" * 999), subject="x", name="x", link="x", calendar=[])
@example(texts=("\ud800", ""), subject="x", name="x", link="<https://x.example/" + "y" * 120 + ">", calendar=[])
def test_byte_for_byte(texts: tuple[str, str], subject: str, name: str, link: str, calendar: list) -> None:
    mail = EmailMultiAlternatives(
        subject=subject, body=texts[0], to=[f"{name} <ada@employer.example>"], reply_to=["a@comc.example"],
        headers={"Message-ID": "<1@comc.example>", "List-Unsubscribe": link},
        alternatives=[(texts[1], "text/html"), *calendar],
    )  # fmt: skip
    ours, theirs = (
        plainly(write) for write in (lambda: mime.written(mail), lambda: mail.message().as_bytes(linesep="\r\n"))
    )
    assert ours == theirs
