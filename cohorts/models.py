"""Formats, cohorts and what a cohort owns: key dates, slots, ceremonies, reminder rules and its staff."""

import datetime as dt
import itertools
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts import clock
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


class Nation(models.TextChoices):
    """Whose bank holidays count; the values are the codes that `cohorts.calendar` knows them by."""

    ENGLAND_AND_WALES = "ENG", "England and Wales"
    SCOTLAND = "SCT", "Scotland"
    NORTHERN_IRELAND = "NIR", "Northern Ireland"


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


@dataclass(frozen=True)
class KeyDate:
    """One range of a cohort's timeline."""

    key: str
    label: str
    starts: dt.date
    ends: dt.date


# The key dates in their order: field prefix and words. Columns, so that PostgreSQL itself holds the order.
KEY_DATES = [
    ("applications", "Applications open"),
    ("confirmation", "Confirmation of participation"),
    ("recruitment", "Recruitment and enrolment"),
    ("onboarding", "Onboarding and training"),
    ("launch", "Launch and opening ceremony"),
    ("sessions", "Monthly sessions"),
    ("close", "Close and closing ceremony"),
]


PHASE_LABELS = {"upcoming": "Not yet open", **dict(KEY_DATES), "closed": "Closed"}


def _date_constraints() -> list[models.CheckConstraint]:
    keys = [key for key, _ in KEY_DATES]
    each = [
        models.CheckConstraint(condition=Q(**{f"{key}_until__gte": F(f"{key}_from")}), name=f"cohort_{key}_ends_after")
        for key in keys
    ]
    order = [
        models.CheckConstraint(
            condition=Q(**{f"{later}_from__gte": F(f"{earlier}_from")}), name=f"cohort_{later}_after_{earlier}"
        )
        for earlier, later in itertools.pairwise(keys)
    ]
    return each + order


class CohortQuerySet(models.QuerySet):
    def accepting_interest(self) -> "CohortQuerySet":
        """Cohorts that an organisation may still register for: not yet launched."""
        return self.filter(launch_from__gt=clock.today(), closed_at__isnull=True)

    def open(self) -> "CohortQuerySet":
        return self.filter(closed_at__isnull=True, close_until__gte=clock.today())

    def closed(self) -> "CohortQuerySet":
        return self.filter(closed_at__isnull=False)

    def for_staff(self, user: models.Model) -> "CohortQuerySet":
        """The cohorts that this member of staff works on: all of them for an assignment without a cohort."""
        if user.is_superuser:
            return self
        assignments = StaffAssignment.objects.filter(user=user)
        if assignments.filter(cohort__isnull=True).exists():
            return self
        return self.filter(staff_assignments__user=user).distinct()


class Cohort(Base):
    """One numbered run of a format."""

    format = models.ForeignKey(Format, on_delete=models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80, help_text="As people say it: “Cohort 15”.")
    applications_from = models.DateField()
    applications_until = models.DateField()
    confirmation_from = models.DateField()
    confirmation_until = models.DateField()
    recruitment_from = models.DateField()
    recruitment_until = models.DateField(help_text="Nominations and enrolments close at the end of this day.")
    onboarding_from = models.DateField()
    onboarding_until = models.DateField()
    launch_from = models.DateField()
    launch_until = models.DateField()
    sessions_from = models.DateField()
    sessions_until = models.DateField()
    close_from = models.DateField()
    close_until = models.DateField()
    session_count = models.PositiveSmallIntegerField(default=6)
    certificate_sessions = models.PositiveSmallIntegerField(
        default=4, help_text="How many sessions a person must attend to get a certificate."
    )
    circle_minimum = models.PositiveSmallIntegerField(
        default=6, help_text="Below this many members the engine leaves a circle closed."
    )
    circle_target = models.PositiveSmallIntegerField(default=9)
    places = models.JSONField(default=list, blank=True, help_text="Where circles may meet besides online: cities.")
    bank_holidays = models.CharField(
        "bank holidays of", max_length=3, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES,
        help_text="No session is planned on one of them.",
    )  # fmt: skip
    reply_address = models.EmailField(
        "answers go to", blank=True, default="", db_default="",
        help_text="Where answers to this cohort’s messages go: an address that a person reads. "
        "Blank: the programme’s own.",
    )  # fmt: skip
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-launch_from", "name"]
        constraints = [
            models.UniqueConstraint(fields=["format", "number"], name="cohort_number_once_per_format"),
            models.CheckConstraint(
                condition=Q(certificate_sessions__gte=1, certificate_sessions__lte=F("session_count")),
                name="cohort_certificate_within_sessions",
            ),
            models.CheckConstraint(
                condition=Q(circle_minimum__gte=1, circle_minimum__lte=F("circle_target"), circle_target__lte=10),
                name="cohort_circle_sizes",
            ),
            *_date_constraints(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:cohorts_cohort_change", args=[self.pk])

    @property
    def key_dates(self) -> list[KeyDate]:
        return [
            KeyDate(key, label, getattr(self, f"{key}_from"), getattr(self, f"{key}_until")) for key, label in KEY_DATES
        ]

    @property
    def phase(self) -> str:
        """The key of the phase that today is in: the last one that has begun; `upcoming` before, `closed` after."""
        today = clock.today()
        if self.closed_at or today > self.close_until:
            return "closed"
        begun = [date.key for date in self.key_dates if date.starts <= today]
        return begun[-1] if begun else "upcoming"

    @property
    def phase_label(self) -> str:
        return PHASE_LABELS[self.phase]

    def clean(self) -> None:
        """Say which dates are out of order, beside each: the database would only refuse."""
        errors: dict[str, str] = {}
        previous: tuple[str, str] | None = None
        for key, label in KEY_DATES:
            starts, ends = getattr(self, f"{key}_from"), getattr(self, f"{key}_until")
            if starts and ends and ends < starts:
                errors[f"{key}_until"] = f"{label} must end on or after its first day, {starts:%d %B %Y}."
            if previous and starts and (before := getattr(self, f"{previous[0]}_from")) and starts < before:
                errors[f"{key}_from"] = f"{label} can't begin before {previous[1]} ({before:%d %B %Y}). Check the year."
            previous = key, label
        if errors:
            raise ValidationError(errors)


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Slot(Base):
    """A time of the week at which a circle may meet."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    start = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=90)

    class Meta:
        ordering = ["weekday", "start"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "weekday", "start"], name="slot_once_per_cohort"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday_known"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="slot_length_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}"


class BlockedDates(Base):
    """Days on which no session of a cohort is planned, besides bank holidays."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="blocked_dates")
    first_day = models.DateField()
    last_day = models.DateField()
    label = models.CharField(
        "what for", max_length=60, help_text="As in “Eid al-Fitr”. Circles whose session moves because of it see it."
    )

    class Meta:
        ordering = ["first_day", "last_day", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="blocked_dates_end_after",
                violation_error_message="The last day can’t be before the first day.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class SessionPlan(Base):
    """What a session of a cohort is about, by its number. Circles get a copy of their own when they are published."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="session_plans")
    number = models.PositiveSmallIntegerField("session")
    aim = models.CharField(max_length=200, blank=True)
    prompts = models.TextField("to talk about", blank=True, help_text="One on each line.")
    preparation = models.TextField("to prepare", blank=True, help_text="Stands in the invitation too.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="session_plan_number_once")]

    def __str__(self) -> str:
        return f"Session {self.number}"


class Topic(Base):
    """A goal that mentees choose and mentors offer; one shared list, so that they can be compared."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Event(Base):
    """Something for the whole cohort: a ceremony or a masterclass."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening ceremony"
        CLOSING = "closing", "Closing ceremony"
        MASTERCLASS = "masterclass", "Masterclass"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    place = models.CharField(max_length=200, blank=True, help_text="Blank: online only.")
    join_url = models.URLField(blank=True)
    description = models.TextField(blank=True)
    speakers = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Who speaks, as it stands on the event’s page."
    )
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many may come; who says yes later waits in order. Blank: everybody."
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "kind"],
                condition=Q(kind__in=["opening", "closing"]),
                name="event_one_ceremony_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cohort})"

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class ReminderRule(Base):
    """When the people concerned are reminded of something; editable per cohort.

    What its days count depends on the kind: days before a session, days after one or after a survey opens, or the
    day of the month. Daily mail has none.
    """

    class Kind(models.TextChoices):
        SESSION_REPLY = "session_reply", "Session: will you come? (those who have not replied)"
        SESSION_COMING = "session_coming", "Session: see you soon (those who are coming)"
        ATTENDANCE = "attendance", "After a session: were you there? (those of whom nobody has said)"
        NO_SESSION = "no_session", "Mentor: no session this month"
        SURVEY = "survey", "Survey: not yet answered"
        COORDINATOR_DIGEST = "coordinator_digest", "Coordinator: monthly summary"
        STAFF_DIGEST = "staff_digest", "Programme team: daily summary of what is stuck"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    days = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(60)],
        help_text="Days before or after a session; days after a survey opens; the day of the month for monthly mail; "
        "0 for daily mail.",
    )
    at = models.TimeField(
        "time of day", null=True, blank=True,
        help_text="Blank: at the session’s own time, or at 8 in the morning. Always in working hours.",
    )  # fmt: skip
    enabled = models.BooleanField("switched on", default=False)

    class Meta:
        ordering = ["kind", "-days"]
        constraints = [models.UniqueConstraint(fields=["cohort", "kind", "days"], name="reminder_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.when}"

    @property
    def when(self) -> str:
        """Its days and time in words, as in “7 days before” or “on day 1 of the month at 09:00”."""
        days = f"{self.days} {'day' if self.days == 1 else 'days'}"
        words = {
            self.Kind.SESSION_REPLY: f"{days} before",
            self.Kind.SESSION_COMING: f"{days} before",
            self.Kind.ATTENDANCE: f"{days} after",
            self.Kind.SURVEY: f"{days} after it opens" if self.days else "as it opens",
            self.Kind.STAFF_DIGEST: "every working day",
        }.get(self.Kind(self.kind), f"on day {self.days} of the month")
        return f"{words} at {self.at:%H:%M}" if self.at else words


class StaffRole(models.TextChoices):
    LEAD = "lead", "Programme lead"
    MANAGER = "manager", "Programme manager"
    INCLUSION_ADVISER = "inclusion_adviser", "Inclusion Adviser"
    RELATIONSHIP_MANAGER = "relationship_manager", "Relationship Manager"
    ANALYST = "analyst", "Analyst (released figures only)"
    READ_ONLY = "read_only", "Read-only"


class StaffAssignment(Base):
    """What a member of staff is in one cohort, or in all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_assignments")
    role = models.CharField(max_length=30, choices=StaffRole.choices)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="staff_assignments",
        help_text="Blank: every cohort.",
    )  # fmt: skip

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "cohort"], nulls_distinct=False, name="staff_assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
