"""Nominations, enrolments and replies to a cohort's events."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse

from accounts import clock
from accounts.fields import Base, SortKeyField
from cohorts.models import Cohort, Event, OnboardingItem, Role, Side, Slot, Topic
from organisations.models import Organisation, Participation, Place
from participants.request_models import RUNS, EmployerRequest, LeaveRequest
from privacy.fields import EncryptedTextField

__all__ = [
    "HOLDING", "LIVE", "AskedAgain", "DeclineReason", "EligibilityDeclaration", "EmployerChange", "EmployerRequest",
    "Enrolment", "EnrolmentChange", "EnrolmentState", "EventReply", "LeaveRequest", "Nomination", "NominationState",
    "OnboardingDone", "Reply", "Unavailability",
]  # fmt: skip


class NominationState(models.TextChoices):
    APPLIED = "applied", "Applied, awaiting their organisation"
    RESERVE = "reserve", "On the reserve list"
    INVITED = "invited", "Invited, not yet answered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Not answered in time"
    WITHDRAWN = "withdrawn", "Withdrawn"


# States in which a nomination counts: one a person and cohort.
LIVE = [NominationState.APPLIED, NominationState.RESERVE, NominationState.INVITED, NominationState.ACCEPTED]
# States in which it holds one of the agreed places.
HOLDING = [NominationState.INVITED, NominationState.ACCEPTED]


class DeclineReason(models.TextChoices):
    """Why somebody said no, in words that reveal nothing. Only the programme team sees it."""

    TIME = "time", "I don’t have the time at the moment"
    TIMING = "timing", "I would like to take part another time"
    SUPPORT = "support", "I don’t have the support at work that I would need"
    ELSEWHERE = "elsewhere", "I am leaving, or already take part in something like it"
    NOT_FOR_ME = "not_for_me", "It isn’t for me"


class NominationQuerySet(models.QuerySet):
    def live(self) -> "NominationQuerySet":
        return self.filter(state__in=LIVE)

    def unanswered(self) -> "NominationQuerySet":
        return self.filter(state=NominationState.INVITED)

    def past_deadline(self) -> "NominationQuerySet":
        return self.filter(cohort__recruitment_until__lt=clock.today())

    def of_its_people(self) -> "NominationQuerySet":
        """Without those who work for somebody else by now: their former employer sees nothing of them any more."""
        same = Q(enrolment__organisation=F("participation__organisation"))
        return self.filter(Q(enrolment__isnull=True) | same)


class Nomination(Base):
    """A person put forward by their organisation, or who applied by its link. They have no account until they accept.

    Never holds anybody's ethnicity: a nominator is not asked for it.
    """

    class Origin(models.TextChoices):
        NOMINATED = "nominated", "Nominated"
        APPLIED = "applied", "Applied"

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="nominations")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="nominations")
    role = models.CharField(max_length=10, choices=Role.choices)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    sort_name = SortKeyField("last_name", "first_name")
    email = models.EmailField("work e-mail")
    reason = models.TextField(blank=True, validators=[MaxLengthValidator(1000)])
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.NOMINATED)
    state = models.CharField(max_length=10, choices=NominationState.choices, default=NominationState.INVITED)
    place = models.OneToOneField(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="nomination", editable=False
    )
    reserve_position = models.PositiveSmallIntegerField(default=0, help_text="The coordinator's order.")
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_by_team = models.BooleanField(
        default=False, db_default=False, help_text="The team wrote it down, on the word of who put them forward."
    )
    link_version = models.PositiveSmallIntegerField(default=1, help_text="Raised to make an earlier link invalid.")
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True, db_default="")
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name"]
        constraints = [
            models.UniqueConstraint(
                "cohort", Lower("email"), condition=Q(state__in=LIVE), name="nomination_live_once_per_cohort"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=HOLDING) & Q(place__isnull=False))
                | (~Q(state__in=HOLDING) & Q(place__isnull=True)),
                name="nomination_holds_place_while_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.get_role_display().lower()})"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("admin:participants_nomination_change", args=[self.pk])


class Level(models.IntegerChoices):
    """A ladder on which employers can be compared; the engine spreads levels over a circle."""

    ENTRY = 1, "Entry level or apprentice"
    OFFICER = 2, "Officer, analyst or administrator"
    SENIOR_OFFICER = 3, "Senior officer, specialist or team leader"
    MANAGER = 4, "Manager"
    SENIOR_MANAGER = 5, "Senior manager"
    HEAD = 6, "Head of department or director"
    EXECUTIVE = 7, "Executive or board"


class Function(models.TextChoices):
    """The kind of work; the engine spreads functions over a circle."""

    COMMERCIAL = "commercial", "Sales, marketing and communications"
    CUSTOMER = "customer", "Customer service"
    DATA_TECHNOLOGY = "technology", "Data and technology"
    ENGINEERING = "engineering", "Engineering and technical"
    FINANCE = "finance", "Finance and risk"
    FRONT_LINE = "front_line", "Front-line service or care"
    LEGAL = "legal", "Legal and governance"
    OPERATIONS = "operations", "Operations and logistics"
    PEOPLE = "people", "People and learning"
    POLICY = "policy", "Policy, research and strategy"
    PROJECT = "project", "Project and programme management"
    OTHER = "other", "Other"


class EnrolmentState(models.TextChoices):
    STARTED = "started", "Accepted, form not finished"
    ENROLLED = "enrolled", "Enrolled"
    COMPLETED = "completed", "Completed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EnrolmentQuerySet(models.QuerySet):
    def active(self) -> "EnrolmentQuerySet":
        return self.exclude(state=EnrolmentState.WITHDRAWN)

    def enrolled(self) -> "EnrolmentQuerySet":
        """Those whom circles are formed of."""
        return self.filter(state=EnrolmentState.ENROLLED)

    def leads(self) -> "EnrolmentQuerySet":
        return self.filter(side=Side.LEAD)

    def members(self) -> "EnrolmentQuerySet":
        return self.filter(side=Side.MEMBER)


class Enrolment(Base):
    """A person in a cohort, once, in a role, with the organisation they had then."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    nomination = models.OneToOneField(
        Nomination, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolment"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(max_length=10, choices=Role.choices)
    side = models.CharField(
        max_length=10, choices=Side.choices, blank=True, help_text="Blank until a partner has chosen."
    )
    state = models.CharField(max_length=10, choices=EnrolmentState.choices, default=EnrolmentState.STARTED)
    job_title = models.CharField(max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    function = models.CharField(max_length=20, choices=Function.choices, blank=True)
    location = models.CharField("where you work", max_length=120, blank=True)
    meets_at = models.JSONField(default=list, blank=True, help_text="“online” and the cohort's places.")
    slots = models.ManyToManyField(Slot, blank=True, related_name="enrolments")
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="enrolments", help_text="Goals of those who are led; expertise of who leads."
    )
    goal_note = models.TextField("in your own words", blank=True, validators=[MaxLengthValidator(500)])
    access_needs = EncryptedTextField(blank=True, default="")
    access_needs_unseen = models.BooleanField(
        "access needs changed, and nobody of the team has looked", default=False, db_default=False, editable=False
    )
    line_manager_agreed = models.BooleanField(default=False)
    agreed_at = models.DateTimeField("agreed to confidentiality and conduct", null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    from_before = models.BooleanField(
        "from before this software", default=False, db_default=False, editable=False,
        help_text="Loaded from an older record: nobody was asked anything here.",
    )  # fmt: skip
    sessions_before = models.PositiveSmallIntegerField(
        "sessions attended, as recorded then", null=True, blank=True, editable=False
    )
    steps_done = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        blank=True,
        editable=False,
        help_text="Keys of the questions saved so far.",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["user__sort_name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="enrolment_once_per_cohort"),
            models.CheckConstraint(
                condition=(Q(role=Role.MENTOR, side=Side.LEAD))
                | Q(role=Role.MENTEE, side=Side.MEMBER)
                | Q(role=Role.PARTNER),
                name="enrolment_side_follows_role",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[EnrolmentState.STARTED, EnrolmentState.WITHDRAWN])
                | (~Q(side="") & Q(agreed_at__isnull=False))
                | Q(from_before=True),
                name="enrolment_complete_before_enrolled",
            ),
            models.CheckConstraint(
                condition=Q(sessions_before__isnull=True) | Q(from_before=True), name="enrolment_sessions_of_before"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} in {self.cohort}"

    @property
    def takes_part(self) -> bool:
        """Whether this part in a cohort goes on: what is a person's own they may change until then."""
        return self.state in RUNS and self.cohort.closed_at is None

    def get_absolute_url(self) -> str:
        return reverse("admin:participants_enrolment_change", args=[self.pk])


class EnrolmentChange(Base):
    """One step of an enrolment's status history."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=EnrolmentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.get_state_display()


class EmployerChange(Base):
    """Somebody changes employer in the middle of a cohort: from which, to which, and whose place counts."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="employer_changes")
    before = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people_who_left")
    after = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people_who_came")
    place_moved = models.BooleanField(default=False, help_text="Whether a place of the new employer is used since.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"From {self.before} to {self.after}"


class AskedAgain(Base):
    """Somebody of an earlier cohort is asked whether they want to take part in the next one, and what they said."""

    class Answer(models.TextChoices):
        YES = "yes", "Would like to"
        NO = "no", "Not this time"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="asked_again")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="asked_again")
    role = models.CharField(max_length=10, choices=Role.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    nomination = models.OneToOneField(
        Nomination, null=True, blank=True, on_delete=models.SET_NULL, related_name="asked_again"
    )

    class Meta:
        ordering = ["enrolment__user__sort_name"]
        verbose_name_plural = "asked again"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "cohort"], name="asked_again_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="asked_again_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.user} for {self.cohort}"


class EligibilityDeclaration(Base):
    """The person's own yes to the format's eligibility question. No category, and never used for monitoring."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="eligibility")
    wording = models.TextField(help_text="The words that were agreed to.")


class Unavailability(Base):
    """Dates that don't work for a person. The reason is not asked."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="unavailabilities")
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        ordering = ["starts"]
        verbose_name_plural = "unavailabilities"
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="unavailability_in_order")]


class Reply(models.TextChoices):
    YES = "yes", "I will come"
    NO = "no", "I can’t come"
    MAYBE = "maybe", "I’m not sure yet"


class EventReply(Base):
    """Whether somebody comes to a ceremony or masterclass, or waits for a place at one that is full."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="replies")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="event_replies")
    reply = models.CharField(max_length=10, choices=Reply.choices)
    replied_at = models.DateTimeField(default=clock.now, db_default=Now())
    waiting = models.BooleanField(default=False, db_default=False, help_text="Said yes when every place was taken.")

    class Meta:
        verbose_name_plural = "event replies"
        constraints = [
            models.UniqueConstraint(fields=["event", "enrolment"], name="event_reply_once"),
            models.CheckConstraint(condition=Q(waiting=False) | Q(reply=Reply.YES), name="event_reply_waits_to_come"),
        ]


class OnboardingDone(Base):
    """That somebody has ticked off a line of the checklist with which they get ready. Taking it back ends the row."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="onboarding_done")
    item = models.ForeignKey(OnboardingItem, on_delete=models.CASCADE, related_name="done")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["enrolment", "item"], name="onboarding_done_once")]
