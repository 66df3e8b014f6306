"""What the programme team does to several messages or addresses at once."""

from typing import Any

from django.http import HttpRequest

from outbox import bounces, kinds, services
from outbox.models import Message, State, Suppression
from ui.bulk import Act


def _may(request: HttpRequest, row: Any) -> bool:
    return request.user.has_perm("staff.retry_message")


def _message(message: Message) -> str:
    known = {kind.key: kind.title for kind in kinds.every()}
    return f"{known.get(message.kind, message.kind)}, to {message.name or message.address}"


def _not_failed(rows: list[Message], by: Any) -> dict[Any, str]:
    return {row.pk: f"{row.get_state_display()}: it did not fail." for row in rows if row.state != State.FAILED}


def _lifted(rows: list[Suppression], by: Any) -> dict[Any, str]:
    return {row.pk: "It is written to again already." for row in rows if row.lifted_at}


SEND_AGAIN = Act(
    ask="Send {rows} again?", button="Send again", done="{rows} sent again.", words=("message", "messages"),
    do=lambda row, by: services.retry(message=row, by=by),
    left_out=_not_failed, called=_message, may=_may,
    follows=lambda rows, by: [
        "Each leaves in today’s words, to the address that the person has now.",
        "What is not due any more is skipped when it is its turn, and says why.",
    ],
)  # fmt: skip
WRITE_AGAIN = Act(
    ask="Write to {rows} again?", button="Write to them again", done="{rows} written to again.",
    words=("address", "addresses"),
    do=lambda row, by: bounces.lift(suppression=row, by=by),
    left_out=_lifted, called=lambda row: f"{row.address}: {row.get_why_display()}", may=_may,
    follows=lambda rows, by: ["Messages from now on are sent. What was skipped meanwhile is not sent after all."],
)  # fmt: skip
