"""Confidential answers, and the one link between them and a person."""

import secrets

from django.db import models

from accounts.fields import Base
from participants.models import Enrolment
from privacy.fields import EncryptedTextField
from surveys.models.instrument import Item
from surveys.models.survey import Survey


def participant_key() -> str:
    return secrets.token_hex(16)


class ParticipantKey(Base):
    """The only link between a person and their answers, held apart from both.

    It is sealed: with the database alone, by a join or out of a backup, nobody can follow it. Whoever may goes through
    `surveys.selectors.link`; see `docs/decisions/0006-link-is-sealed.md`.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="+")
    created_at = None  # the moment of the first answer, which stands with the answers too, would tell whose they are
    key = EncryptedTextField(db_column="sealed_key", default=participant_key, editable=False)

    class Meta:
        default_permissions = ()


class Response(Base):
    """One person's answers to one survey, known only by a random key."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    participant_key = models.CharField(max_length=32, db_index=True)
    occasion = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Of a check-in: the number of the session, in whichever circle it was."
    )
    page = models.PositiveSmallIntegerField(default=1, help_text="The page to come back to.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False, help_text="A first survey answered after the first session.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["survey", "participant_key", "occasion"], name="response_once")]


class Answer(Base):
    """One answer as it was given; never reversed, never altered by scoring."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    value = models.SmallIntegerField(null=True, help_text="Null: prefer not to say.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "item"], name="answer_once")]
