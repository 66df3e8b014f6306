"""What staff do to several resources or questions at once."""

from typing import Any

from django.db import transaction

from accounts.models import User
from privacy.services import record
from ui.bulk import Act


@transaction.atomic
def _publish(row: Any, by: User, published: bool) -> None:
    row.published = published
    row.save(update_fields=["published"])
    record(by=by, verb=f"{row._meta.model_name}.{'published' if published else 'taken_down'}", about=row)


def acts(words: tuple[str, str], seen_by: str) -> tuple[Act, Act]:
    """Publishing rows of a model that is `published` or not, and taking them down."""
    publish = Act(
        ask="Publish {rows}?", button="Publish", done="{rows} published.", words=words,
        do=lambda row, by: _publish(row, by, published=True),
        left_out=lambda rows, by: {row.pk: "It is published already." for row in rows if row.published},
        follows=lambda rows, by: [f"{seen_by} can read them at once. Nobody is written to."],
    )  # fmt: skip
    take_down = Act(
        ask="Take {rows} down?", button="Take down", done="{rows} taken down.", words=words, danger=True,
        do=lambda row, by: _publish(row, by, published=False),
        left_out=lambda rows, by: {row.pk: "It is not published." for row in rows if not row.published},
        follows=lambda rows, by: [f"{seen_by} can’t read them any more. They stay here, to be published again."],
    )  # fmt: skip
    return publish, take_down


RESOURCES = acts(("resource", "resources"), "People in its role and format")
QUESTIONS = acts(("question", "questions"), "Everybody")
