"""How each kind of cohort works, and the goals that its people choose from."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.fields import Base


class Role(models.TextChoices):
    MENTOR = "mentor", "Mentor"
    MENTEE = "mentee", "Mentee"
    PARTNER = "partner", "Partner"


class Side(models.TextChoices):
    """Where in a circle a person sits: the one who leads it, or one of those who are led.

    A mentor always leads and a mentee never does; partners choose, in neutral words.
    """

    LEAD = "lead", "Leads"
    MEMBER = "member", "Member"


class Joining(models.TextChoices):
    NOMINATION = "nomination", "Nominated by their organisation"
    APPLICATION = "application", "Competitive application"
    SELF_APPLICATION = "self_application", "Self-application"


class OwnOrganisation(models.TextChoices):
    """Whether a mentor may have members of their own organisation."""

    FORBIDDEN = "forbidden", "Never"
    ALLOWED = "allowed", "May happen"
    REQUIRED = "required", "Always"


class Format(Base):
    """How a kind of cohort works. What differs between formats is data here, not branches in the code."""

    key = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    group_word = models.CharField(max_length=20, default="circle", help_text="circle or pair")
    lead_role = models.CharField(max_length=10, choices=Role.choices)
    member_role = models.CharField(max_length=10, choices=Role.choices)
    lead_words = models.CharField(
        max_length=120, help_text="Says neutrally who leads, as in “brings lived experience”."
    )
    member_words = models.CharField(max_length=120)
    capacity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10)])
    minimum = models.PositiveSmallIntegerField(default=1)
    target = models.PositiveSmallIntegerField(default=1)
    own_organisation = models.CharField(max_length=10, choices=OwnOrganisation.choices)
    mutual = models.BooleanField(default=False, help_text="Both people are mentor and mentee of each other.")
    joining = models.CharField(max_length=20, choices=Joining.choices)
    eligibility_side = models.CharField(
        "eligibility is asked of", max_length=10, choices=Side.choices, blank=True, help_text="Blank: of nobody."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=10), name="format_capacity_1_to_10"),
            models.CheckConstraint(
                condition=Q(minimum__gte=1, minimum__lte=F("target"), target__lte=F("capacity")),
                name="format_minimum_target_capacity",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pair(self) -> bool:
        return self.capacity == 1

    @property
    def roles(self) -> list[str]:
        """The roles for which an organisation has places, the led first."""
        return list(dict.fromkeys([self.member_role, self.lead_role]))

    def role_of(self, side: str) -> str:
        return self.lead_role if side == Side.LEAD else self.member_role

    def side_of(self, role: str) -> str:
        """The side that a role sits on; blank where the person chooses (partners)."""
        if self.lead_role == self.member_role:
            return ""
        return Side.LEAD if role == self.lead_role else Side.MEMBER


class Topic(Base):
    """A goal that mentees choose and mentors offer; one shared list, so that they can be compared."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
