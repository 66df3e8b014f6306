"""Taking names out of what people wrote, answer by answer, before the team reads it."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort
from privacy.services import record
from surveys.models import Comment
from surveys.selectors.comments import to_read


@transaction.atomic
def decide_comments(*, cohort: Cohort, decisions: Mapping[UUID, tuple[bool, str]], by: User) -> int:
    """Show answers in the words given, or leave them out; how many were decided.

    Raises ValidationError for an answer that is not to be read here, and for one that is shown without words.
    """
    known = {key for one in to_read(cohort) for key in one.words}
    if not decisions.keys() <= known:
        raise ValidationError("That is not one of the answers to be read.")
    if any(shown and not text.strip() for shown, text in decisions.values()):
        raise ValidationError("An answer that is shown has words.")
    Comment.objects.bulk_create(
        [
            Comment(answer_id=key, shown=shown, text=text.strip() if shown else "", decided_by=by)
            for key, (shown, text) in decisions.items()
        ],
        update_conflicts=True,
        unique_fields=["answer"],
        update_fields=["shown", "text", "decided_by"],
    )
    if decisions:
        record(by=by, verb="comments.decided", about=cohort, shown=sum(shown for shown, _ in decisions.values()))
    return len(decisions)
