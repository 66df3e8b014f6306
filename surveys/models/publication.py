"""Which released figures stand on the public page."""

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.fields import Base
from cohorts.models import Cohort
from surveys.models.snapshot import Snapshot


class PublicationQuerySet(models.QuerySet):
    def on_show(self) -> "PublicationQuerySet":
        return self.filter(withdrawn_at=None)


class Publication(Base):
    """The team shows everybody what was released of a cohort for outside the team: all outcomes of it, or none.

    It always shows the newest released figures, so that the same cell is the same figure wherever it is read.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="publications")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="publications")
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=models.Q(withdrawn_at__isnull=True), name="publication_once_per_cohort"
            )
        ]
