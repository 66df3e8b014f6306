"""Every message is a row before it is an e-mail."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from outbox import kinds
from outbox.kinds import Category


class State(models.TextChoices):
    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    SKIPPED = "skipped", "No longer due"
    FAILED = "failed", "Could not be delivered"


class MessageQuerySet(models.QuerySet):
    def due(self) -> "MessageQuerySet":
        return self.filter(state=State.WAITING, next_attempt_at__lte=clock.now())

    def failed(self) -> "MessageQuerySet":
        return self.filter(state=State.FAILED)

    def for_staff(self, user: models.Model) -> "MessageQuerySet":
        """Those of which a member of the team may know that there is one: see `known_to` of a kind."""
        confided: dict[Any, list[str]] = {}
        for kind in kinds.every():
            if kind.known_to is not None:
                confided.setdefault(kind.known_to, []).append(kind.key)
        found = self
        for known_to, keys in confided.items():
            found = found.exclude(~models.Q(object_id__in=known_to(user)), kind__in=keys)
        return found

    def about(self, obj: models.Model) -> "MessageQuerySet":
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class About(GenericForeignKey):
    """Django's, which makes a copy of a manager each time it is looked at. There is one database, so no need for it."""

    def get_content_type(self, obj: Any = None, id: Any = None, using: Any = None, model: Any = None) -> Any:
        if obj is not None:
            return ContentType.objects.get_for_model(obj)
        return super().get_content_type(id=id, using=using, model=model)


class Message(Base):
    """One message to one person about one thing, once: `key` is kind : object : recipient : occurrence.

    The text is not kept: it is rendered when the message leaves. Codes and links that sign somebody in never touch
    this table.
    """

    key = models.CharField(max_length=300, unique=True, editable=False)
    kind = models.CharField(max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    address = models.EmailField(help_text="Where it goes; taken from the person when there is an account.")
    name = models.CharField(max_length=200, blank=True)
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.SET_NULL)
    object_id = models.UUIDField(null=True)
    about = About("content_type", "object_id")
    occurrence = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_attempt_at = models.DateTimeField(default=clock.now)
    urgent = models.BooleanField(default=False, help_text="It overtakes what many are sent at once.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimer = models.PositiveIntegerField(
        null=True, blank=True, help_text="The number of the run that has it in hand; its session holds a lock on it."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField("why it was skipped or failed", blank=True)
    subject = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    # What its kind has read for it and those that leave with it; never stored.
    facts: Any = None

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        # Every page and reminder that asks what was written about something asks by its object first. Each change of
        # a message's state writes all of these, so there are no more of them than are asked.
        indexes = [
            models.Index(fields=["state", "-urgent", "next_attempt_at"], name="message_due"),
            models.Index(fields=["object_id", "kind"], name="message_about"),
            models.Index(fields=["kind"], name="message_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.SENT) | models.Q(sent_at__isnull=False), name="message_sent_has_time"
            ),
        ]

    def __str__(self) -> str:
        from outbox import kinds  # which names this model in its types

        known = {kind.key: kind.title for kind in kinds.every()}
        return f"{known.get(self.kind, self.kind)} ({self.get_state_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("admin:outbox_message_change", args=[self.pk])

    def history(self) -> list[tuple[dt.datetime, str, str]]:
        """When it came into which state, in words, and why; from its beginning on."""
        steps = [(event.created_at, event.get_state_display(), event.why) for event in self.events.all()]
        return [(self.created_at, "Written", ""), *steps]


class MessageEvent(Base):
    """A message changed its state, when and why; written with the change. That it began is its own `created_at`.

    It holds nothing about a person: reasons are ours, or a mail server's without the address.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=10, choices=State.choices)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="message_event_state_known")
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Pace(models.Model):
    """How many messages that may wait have been begun in the present minute. One row, for all workers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    began_at = models.DateTimeField(default=clock.now)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="pace_is_one_row")]

    def __str__(self) -> str:
        return f"{self.taken} since {self.began_at:%H:%M:%S}"


class Wording(Base):
    """One version of the words of a kind of message, as staff wrote them; the newest counts, and all are kept.

    A kind without one, or whose newest `is_shipped`, is sent in the words that came with the product. `fault` is why
    a version could not be used when a message was to leave: that message went in the shipped words.
    """

    kind = models.CharField(max_length=80)
    number = models.PositiveIntegerField(help_text="Counts the versions of one kind, from 1.")
    is_shipped = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(
        "HTML of its own", blank=True, db_default="", help_text="Blank: the HTML part is made from the text."
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="wordings"
    )
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="wording_version_once"),
            models.CheckConstraint(
                condition=models.Q(is_shipped=True, subject="", body="")
                | (models.Q(is_shipped=False) & ~models.Q(subject="") & ~models.Q(body="")),
                name="wording_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, version {self.number}"


class OptOut(Base):
    """Somebody does not want a category of mail. Essential mail has none, so that it can't be refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opt_outs")
    category = models.CharField(max_length=20, choices=Category.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="opt_out_once"),
            models.CheckConstraint(condition=models.Q(category__in=Category.values), name="opt_out_category_known"),
        ]

    def __str__(self) -> str:
        return self.get_category_display()


class Suppression(Base):
    """An address to which nothing is sent, and why, until staff lift it. Counts while `lifted_at` is empty."""

    class Why(models.TextChoices):
        BOUNCED = "bounced", "The mail server there says that the address does not exist"
        PAUSED = "paused", "Mail to the address has come back three times"

    address = models.EmailField(unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="suppressions"
    )
    why = models.CharField(max_length=10, choices=Why.choices)
    since = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(condition=models.Q(why__in=["bounced", "paused"]), name="suppression_why_known")
        ]

    def __str__(self) -> str:
        return self.address


class MailEvent(Base):
    """What the mail service told us about a mail to an address, once: its key makes a repeated one do nothing."""

    class What(models.TextChoices):
        HARD = "hard", "Came back for good"
        SOFT = "soft", "Came back for now"
        COMPLAINT = "complaint", "Was called unwanted"

    event_id = models.CharField(max_length=200, unique=True)
    what = models.CharField(max_length=10, choices=What.choices)
    address = models.EmailField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="mail_events"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=["hard", "soft", "complaint"]), name="mail_event_what_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.address}"
