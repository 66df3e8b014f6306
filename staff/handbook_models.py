"""What the team has written in the place of a page of the handbook."""

from django.conf import settings
from django.db import models

from accounts.fields import Base


class HandbookText(Base):
    """One version of a page of the handbook, as the team wrote it; the newest counts, and all are kept.

    A page without one, or whose newest `is_shipped`, says what came with the product. `based_on` tells which shipped
    words it was written beside, so that the team is told when those have changed.
    """

    slug = models.SlugField(max_length=60)
    number = models.PositiveIntegerField(help_text="Counts the versions of one page, from 1.")
    is_shipped = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    based_on = models.CharField(max_length=64)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["slug", "-number"]
        default_permissions = ("change",)
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="handbook_version_once"),
            models.CheckConstraint(
                condition=models.Q(is_shipped=True, title="", body="")
                | (models.Q(is_shipped=False) & ~models.Q(title="") & ~models.Q(body="")),
                name="handbook_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}, version {self.number}"
