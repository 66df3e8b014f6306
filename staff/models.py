"""The programme team's own desk: what they have put off, whom they spoke to, what they have to do, views of lists."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from cohorts.models import Cohort, Cover
from organisations.models import Organisation
from privacy.fields import EncryptedTextField
from staff.desk import reach
from staff.handbook_models import HandbookText
from staff.list_models import OpeningView, PastLoad, SavedView
from ui.dates import uk_date

__all__ = ["Contact", "HandbookText", "OpeningView", "PastLoad", "PutOff", "SavedView", "Task"]


class PutOffQuerySet(models.QuerySet):
    def lasting(self) -> "PutOffQuerySet":
        """Those whose day has not come yet."""
        return self.filter(until__gt=clock.today())


class PutOff(Base):
    """One thing that needs attention and that the team will come back to on a day; until then it is not listed.

    `rule` and `subject` say which: the key of the rule that found it, and of the row that it is about.
    """

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PutOffQuerySet.as_manager()

    class Meta:
        ordering = ["until", "created_at"]
        constraints = [models.UniqueConstraint(fields=["rule", "subject"], name="put_off_once")]

    def __str__(self) -> str:
        return f"Put off until {self.until}"


class ContactQuerySet(models.QuerySet):
    def for_staff(self, user: models.Model) -> "ContactQuerySet":
        """Those about organisations and people that this member of the team answers for."""
        return self.filter(Q(organisation__in=reach.organisations_of(user)) | Q(person__in=reach.people_of(user)))


class Contact(Base):
    """Somebody of the team spoke with an organisation or a person: when, by what channel, and what was said.

    Its writer alone changes it. What was said is unreadable in the database, and no trail repeats it.
    """

    class Channel(models.TextChoices):
        TELEPHONE = "telephone", "Telephone"
        VIDEO = "video", "Video call"
        EMAIL = "email", "E-mail"
        IN_PERSON = "in_person", "In person"
        OTHER = "other", "Another way"

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    spoken_on = models.DateField("when")
    channel = models.CharField("how", max_length=20, choices=Channel.choices)
    spoke_with = models.CharField("with whom", max_length=200, blank=True)
    said = EncryptedTextField("what was said")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-spoken_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False)
                | Q(organisation__isnull=False, person__isnull=True),
                name="contact_about_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {uk_date(self.spoken_on)}"

    @property
    def about(self) -> models.Model:
        return self.organisation or self.person


class TaskQuerySet(models.QuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)

    def due(self) -> "TaskQuerySet":
        """Open, and due today or before."""
        return self.open().filter(due_on__lte=clock.today())

    def owned_by(self, user: models.Model) -> "TaskQuerySet":
        """Theirs, and those of whom they cover today."""
        return self.filter(Q(owner=user) | Q(owner__in=Cover.objects.covered_by(user)))

    def for_staff(self, user: models.Model) -> "TaskQuerySet":
        """One's own and those that one gave, and those about what this member of the team answers for."""
        own = Q(owner=user) | Q(owner__in=Cover.objects.covered_by(user)) | Q(asked_by=user)
        whom = Q(organisation__in=reach.organisations_of(user)) | Q(person__in=reach.people_of(user))
        where = Q(cohort=None) | Q(cohort__in=reach.cohorts_of(user))
        return self.filter(own | (where & (whom | Q(organisation=None, person=None))))


class Task(Base):
    """Something that somebody of the team does by a day, about an organisation, a person or a cohort.

    One about an organisation or a person may be of a cohort too: so it is found among what that cohort needs.
    """

    what = models.CharField("what is to be done", max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="tasks", verbose_name="who does it"
    )
    due_on = models.DateField("by")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks_about"
    )
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="given by"
    )
    done_at = models.DateTimeField("done", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False)
                | Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=True, cohort__isnull=False),
                name="task_about_one",
            )
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("admin:staff_task_change", args=[self.pk])

    @property
    def about(self) -> models.Model:
        return self.organisation or self.person or self.cohort

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < clock.today()

    @property
    def when(self) -> str:
        """By which day, with what that means today: “today”, “Tuesday 3 November 2026, late”."""
        if self.done_at:
            return f"Done {uk_date(self.done_at)}"
        if self.due_on == clock.today():
            return "Today"
        return f"{uk_date(self.due_on)}, late" if self.is_late else uk_date(self.due_on)
