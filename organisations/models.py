"""Employers: their interest, their part in a cohort, the places agreed, and demand from elsewhere."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.fields import Base, SortKeyField, sort_key
from cohorts.models import Cohort, Cover, Role, StaffRole
from cohorts.permissions import roles_of
from ui.dates import uk_date

# Words that say what an organisation is in law, not which one it is.
LEGAL_FORMS = {"ltd", "limited", "plc", "llp", "inc", "group", "uk", "the", "and", "co", "company", "holdings"}


def name_key(name: str) -> str:
    """What two spellings of one organisation's name have in common: letters and digits, without legal forms."""
    words = re.findall(r"[^\W_]+", sort_key(name).replace("&", " and ").replace("'", "").replace("’", ""))
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


class NameKeyField(models.CharField):
    """Keeps `name_key` of the name beside it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"max_length": 200, "editable": False, "default": "", "db_index": True} | kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = name_key(model_instance.name)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class Sector(models.TextChoices):
    FINANCE = "finance", "Banking, finance and insurance"
    CONSTRUCTION = "construction", "Construction and infrastructure"
    EDUCATION = "education", "Education"
    ENERGY = "energy", "Energy and utilities"
    GOVERNMENT = "government", "Government and public services"
    HEALTH = "health", "Health and social care"
    LEGAL = "legal", "Legal and professional services"
    MANUFACTURING = "manufacturing", "Manufacturing and engineering"
    MEDIA = "media", "Media, arts and sport"
    RETAIL = "retail", "Retail and hospitality"
    TECHNOLOGY = "technology", "Technology and telecommunications"
    TRANSPORT = "transport", "Transport and logistics"
    CHARITY = "charity", "Charity and social enterprise"
    OTHER = "other", "Another sector"


class Size(models.TextChoices):
    MICRO = "1-49", "1 to 49 people"
    SMALL = "50-249", "50 to 249 people"
    MEDIUM = "250-999", "250 to 999 people"
    LARGE = "1000-9999", "1,000 to 9,999 people"
    VERY_LARGE = "10000+", "10,000 people or more"


class OrganisationQuerySet(models.QuerySet):
    def for_staff(self, user: models.Model) -> "OrganisationQuerySet":
        """All of them for those who see the whole queue; for an adviser those whom they advise or have to answer.

        While they cover a colleague, that colleague's too.
        """
        if sees_whole_queue(user):
            return self
        interests = Interest.objects.for_staff(user)
        advised = Q(adviser=user) | Q(adviser__in=Cover.objects.covered_by(user))
        return self.filter(advised | Q(pk__in=interests.values("organisation")))


class Organisation(Base):
    """An employer."""

    name = models.CharField(max_length=200)
    name_key = NameKeyField()
    sort_name = SortKeyField("name")
    domain = models.CharField(max_length=200, blank=True, db_index=True, help_text="Of its e-mail addresses.")
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    size = models.CharField(max_length=10, choices=Size.choices, blank=True)
    places_of_work = models.CharField(max_length=200, blank=True)
    is_member = models.BooleanField("member of the charity", default=False)
    has_package = models.BooleanField("holds a support package", default=False)
    in_baseline = models.BooleanField(
        "already counted in the historical baseline", default=False, help_text="Then it is not counted again."
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="advised_organisations",
        help_text="Its own Inclusion Adviser or Relationship Manager.",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:organisations_organisation_change", args=[self.pk])


class Coordinator(Base):
    """The person who acts for an organisation: confirms places and puts people forward."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="coordinators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coordinations")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(ended_at__isnull=True), name="coordinator_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


# Advisers see what is theirs to answer; these see every interest of their cohorts.
WHOLE_QUEUE = {StaffRole.LEAD, StaffRole.MANAGER, StaffRole.READ_ONLY}


def sees_whole_queue(user: models.Model) -> bool:
    return user.is_superuser or bool(WHOLE_QUEUE & roles_of(user))


class InterestQuerySet(models.QuerySet):
    def unanswered(self) -> "InterestQuerySet":
        return self.filter(state=Interest.State.NEW)

    def for_staff(self, user: models.Model) -> "InterestQuerySet":
        """What this member of staff may see: their own, and the queue of their cohorts and their kind of adviser.

        While they cover a colleague, that colleague's own are theirs too.
        """
        queue = Q(cohort=None) | Q(cohort__in=Cohort.objects.for_staff(user))
        if not sees_whole_queue(user):
            queue &= Q(assigned_to=None, routing__in=roles_of(user))
        return self.filter(queue | Q(assigned_to=user) | Q(assigned_to__in=Cover.objects.covered_by(user)))


class Interest(Base):
    """One submission of the public form: a question, or a registration for a cohort."""

    class Kind(models.TextChoices):
        QUESTION = "question", "A question"
        REGISTRATION = "registration", "Registering interest in a cohort"

    class Routing(models.TextChoices):
        INCLUSION_ADVISER = "inclusion_adviser", "Inclusion Adviser"
        RELATIONSHIP_MANAGER = "relationship_manager", "Relationship Manager"
        ADVISORY_TEAM = "advisory_team", "Advisory team (membership enquiry)"

    class State(models.TextChoices):
        NEW = "new", "New"
        ANSWERED = "answered", "Answered"
        CONFIRMED = "confirmed", "Confirmed in a cohort"
        CLOSED = "closed", "Closed without taking part"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="interests")
    organisation_as_written = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField()
    contact_role = models.CharField("job title", max_length=200, blank=True)
    is_member = models.BooleanField(null=True, help_text="As the contact said; unknown when they were not sure.")
    has_package = models.BooleanField(null=True)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="interests")
    expected_mentees = models.PositiveSmallIntegerField(null=True, blank=True)
    expected_mentors = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    routing = models.CharField(max_length=30, choices=Routing.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_interests",
        help_text="Blank: in the team’s queue.",
    )  # fmt: skip
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display().lower()}"

    def get_absolute_url(self) -> str:
        return reverse("admin:organisations_interest_change", args=[self.pk])


class ParticipationQuerySet(models.QuerySet):
    def active(self) -> "ParticipationQuerySet":
        """In a cohort that is still open, and not withdrawn from it."""
        return self.filter(withdrawn_at=None, cohort__in=Cohort.objects.open())

    def for_staff(self, user: models.Model) -> "ParticipationQuerySet":
        return self.filter(cohort__in=Cohort.objects.for_staff(user))


class Fee(models.TextChoices):
    """How far an organisation is with what its part in a cohort costs. No amount: those are in the books."""

    OPEN = "open", "Not agreed yet"
    AGREED = "agreed", "Agreed"
    INVOICED = "invoiced", "Invoiced"
    PAID = "paid", "Paid"
    WAIVED = "none", "No fee"


class Participation(Base):
    """An organisation confirmed in a cohort."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="participations")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    application_version = models.PositiveSmallIntegerField(
        default=1, help_text="Raised to make an application link that was passed round invalid."
    )
    fee = models.CharField(max_length=10, choices=Fee.choices, default=Fee.OPEN, db_default=Fee.OPEN.value)
    fee_on = models.DateField("fee marked as of", null=True, blank=True)
    fee_note = models.CharField("note on the fee", max_length=200, blank=True, default="", db_default="")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__sort_name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "cohort"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(fee=Fee.OPEN, fee_on__isnull=True) | (~Q(fee=Fee.OPEN) & Q(fee_on__isnull=False)),
                name="participation_fee_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("admin:organisations_participation_change", args=[self.pk])

    @property
    def fee_words(self) -> str:
        """“Invoiced (Tuesday 3 November 2026)”."""
        return f"{self.get_fee_display()} ({uk_date(self.fee_on)})" if self.fee_on else self.get_fee_display()


class PlaceQuerySet(models.QuerySet):
    def taken(self) -> "PlaceQuerySet":
        """Held by a nomination. The reverse name belongs to `participants`; nothing else of it is known here."""
        return self.filter(nomination__isnull=False)

    def free(self) -> "PlaceQuerySet":
        return self.filter(nomination__isnull=True)


class Place(Base):
    """One agreed place. Places are rows, so that one beyond the agreed number cannot be taken: it does not exist."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="places")
    role = models.CharField(max_length=10, choices=Role.choices)
    number = models.PositiveSmallIntegerField()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["role", "number"]
        constraints = [models.UniqueConstraint(fields=["participation", "role", "number"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} place {self.number}"


class Demand(Base):
    """Somebody asked whose employer is not taking part: counted for that employer."""

    employer = models.CharField(max_length=200)
    employer_key = models.CharField(max_length=200, db_index=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="demand"
    )
    email = models.EmailField(blank=True, help_text="Only with consent to be told when the employer joins.")
    may_tell_employer = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "demand"

    def __str__(self) -> str:
        return self.employer


class CoordinatorInvitation(Base):
    """A colleague is asked to coordinate beside whoever asked, or in their place. Nothing changes until they accept.

    Their name and address are kept for thirty days and then erased.
    """

    class State(models.TextChoices):
        OPEN = "open", "Not yet answered"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        TAKEN_BACK = "taken_back", "Taken back"
        EXPIRED = "expired", "Not answered in time"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="coordinator_invitations")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.EmailField("work e-mail")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    replaces = models.ForeignKey(
        Coordinator, null=True, blank=True, on_delete=models.SET_NULL, related_name="hand_overs",
        help_text="Who hands over, and stops once this is accepted; blank where both go on.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("email"), condition=Q(state="open"), name="coordinator_invitation_open_once"
            ),
            models.UniqueConstraint(fields=["replaces"], condition=Q(state="open"), name="hand_over_open_once"),
        ]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class RenewalAnswer(Base):
    """What an organisation that took part before says when it is asked whether it will again."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="renewal_answers", help_text="In the earlier cohort."
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="renewal_answers")
    again = models.BooleanField("will take part again")
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["-answered_at"]
        constraints = [models.UniqueConstraint(fields=["participation", "cohort"], name="renewal_answer_once")]
