"""What people wrote in answer to the team's own questions, once names are out of it."""

from django.conf import settings
from django.db import models

from accounts.fields import Base
from privacy.fields import EncryptedTextField
from surveys.models.question import QuestionAnswer


class Comment(Base):
    """A decision about one written answer: shown to the team in these words, or left out.

    Its key is random and it has no date of the answer, so that in the order of keys nothing tells who wrote when.
    """

    answer = models.OneToOneField(QuestionAnswer, on_delete=models.CASCADE, related_name="comment")
    text = EncryptedTextField(blank=True)
    shown = models.BooleanField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
