"""What the programme team keeps of its lists: views under a name, and what it has loaded from spreadsheets."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.fields import Base
from accounts.models import User
from cohorts.models import Cohort
from organisations.models import Organisation


class SavedViewQuerySet(models.QuerySet):
    def open_to(self, user: User) -> "SavedViewQuerySet":
        """Their own, and those that colleagues share."""
        return self.filter(Q(owner=user) | Q(shared=True))

    def of_list(self, which: str, user: User) -> "SavedViewQuerySet":
        """Those of one list that somebody may open; each says whether the list `opens` with it for them."""
        chosen = OpeningView.objects.filter(view=OuterRef("pk"), user=user)
        return self.open_to(user).filter(of_list=which).annotate(opens=Exists(chosen))


class SavedView(Base):
    """The filters, search and order of one of the admin's lists, under a name.

    `of_list` is the label of the model that is listed, and `query` what stands after the question mark of its address.
    """

    of_list = models.CharField("list", max_length=80, db_index=True)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField("for the whole team", default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "created_at"]
        constraints = [models.UniqueConstraint("of_list", "owner", Lower("name"), name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as this view shows it."""
        app_label, _, model = self.of_list.partition(".")
        return reverse(f"admin:{app_label}_{model}_changelist") + (f"?{self.query}" if self.query else "")


class OpeningView(Base):
    """The view with which a list opens for one member of staff."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    of_list = models.CharField("list", max_length=80)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "of_list"], name="opening_view_once")]


class PastLoad(Base):
    """A cohort from before this software, loaded from a spreadsheet, and what came with it.

    The cohort is a closed one like any other. What only came about by the load is named, so that it can go with it.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="past_load")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    in_baseline = models.BooleanField(
        "counted in the historical baseline already",
        default=True,
        help_text="Then the public figures stay as they are.",
    )
    unnamed_mentees = models.PositiveIntegerField(default=0)
    unnamed_mentors = models.PositiveIntegerField(default=0)
    new_people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    new_organisations = models.ManyToManyField(Organisation, related_name="+", blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.cohort}, loaded"
