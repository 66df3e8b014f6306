"""What somebody was sent, what not, and why: on the page of a person, and of their enrolment in one cohort."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from cohorts.models import Cohort, ReminderRule
from outbox import kinds
from outbox.models import Message, State
from participants.models import Enrolment
from staff import pages
from ui.dates import uk_datetime

PAGE = 50
MAY_SEE, MAY_SEE_PEOPLE = "outbox.view_message", "participants.view_enrolment"
TONES = {State.SENT: "good", State.FAILED: "problem", State.SKIPPED: "neutral"}
# The ways from what a message is about to its cohort, the shortest first.
WAYS = ["cohort", "circle__cohort", "enrolment__cohort", "session__circle__cohort"]


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "person/<uuid:pk>/messages/", person, "person_messages"),
        pages.page(site, "enrolment/<uuid:pk>/messages/", enrolment, "enrolment_messages"),
    ]


@dataclass(frozen=True)
class Line:
    """One message as a row: what, how it went, and why."""

    message: Message
    title: str
    audience: str

    @property
    def state(self) -> str:
        return self.message.get_state_display()

    @property
    def tone(self) -> str:
        return TONES.get(State(self.message.state), "info")

    @property
    def when(self) -> str:
        """When it left; else when it is to leave, or when it was made."""
        if self.message.sent_at:
            return uk_datetime(self.message.sent_at)
        if self.message.state == State.WAITING:
            return f"Not before {uk_datetime(self.message.next_attempt_at)}"
        return uk_datetime(self.message.created_at)

    @property
    def why(self) -> str:
        """Why they got it, or did not."""
        if self.message.state == State.SENT:
            return f"Sent to: {self.audience[:1].lower()}{self.audience[1:]}."
        return self.message.reason or "It is on its way."

    @property
    def history(self) -> list[tuple[str, str, str]]:
        """When it came into which state, and why; nothing where it was sent at the first attempt."""
        steps = self.message.history()
        plain = self.message.state == State.SENT and self.message.attempts <= 1
        return [] if plain or len(steps) == 1 else [(uk_datetime(at), words, why) for at, words, why in steps]


@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything that a person was to get, with an account or before they had one."""
    pages.allow(request, MAY_SEE)
    user = get_object_or_404(User, pk=pk)
    crumbs = [("People", reverse("admin:accounts_user_changelist")), (str(user), user_url(user))]
    return _page(request, user, of_person(user).for_staff(request.user), crumbs)


def user_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


@require_safe
def enrolment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a participant was to get about one cohort, for those who work on it."""
    rows = Enrolment.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    found = get_object_or_404(rows.select_related("user", "cohort"), pk=pk)
    pages.allow(request, MAY_SEE_PEOPLE, found.cohort)
    crumbs = [*pages.cohort_crumbs(found.cohort), (str(found.user), found.get_absolute_url())]
    shown = of_cohort(of_person(found.user).for_staff(request.user), found.cohort)
    return _page(request, found.user, shown, crumbs, eyebrow=str(found.cohort), reminders=_reminders(request, found))


def _reminders(request: HttpRequest, found: Enrolment) -> list[tuple[ReminderRule, str]]:
    """Each reminder of the cohort, and the page that says whether this person gets it next, and why or why not."""
    if not request.user.has_perm("cohorts.change_cohort", found.cohort):
        return []
    words = urlencode({"q": found.user.get_full_name()})
    rules = found.cohort.reminder_rules.exclude(kind__in=ReminderRule.FOR_OTHERS)
    return [(rule, f"{reverse('admin:reminder_rule', args=[rule.pk])}?{words}") for rule in rules]


def of_person(user: User) -> QuerySet[Message]:
    return Message.objects.filter(Q(recipient=user) | Q(recipient=None, address=user.email))


def of_cohort(messages: QuerySet[Message], cohort: Cohort) -> QuerySet[Message]:
    """Those about something of the cohort: one query for each kind of thing that there are messages about."""
    things = defaultdict(set)
    for content_type_id, object_id in messages.values_list("content_type", "object_id").distinct():
        things[content_type_id].add(object_id)
    found = Q(pk__in=[])
    for content_type_id, ids in things.items():
        if content_type_id is not None:
            found |= Q(content_type=content_type_id, object_id__in=_of_cohort(content_type_id, ids, cohort))
    return messages.filter(found)


def _of_cohort(content_type_id: int, ids: Iterable[Any], cohort: Cohort) -> list[Any]:
    model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is Cohort:
        return [cohort.pk] if cohort.pk in ids else []
    way = next((way for way in WAYS if _leads(model, way)), None)
    return list(model.objects.filter(pk__in=ids, **{way: cohort}).values_list("pk", flat=True)) if way else []


def _leads(model: Any, way: str) -> bool:
    """Whether the model has that chain of fields."""
    for step in way.split("__"):
        field = next((field for field in model._meta.get_fields() if field.concrete and field.name == step), None)
        if field is None:
            return False
        model = field.related_model
    return True


def _page(
    request: HttpRequest, user: User, messages: QuerySet[Message], crumbs: list[tuple[str, str]], **context: Any
) -> HttpResponse:
    page = Paginator(messages.order_by("-created_at").prefetch_related("events"), PAGE).get_page(
        request.GET.get("page")
    )
    return pages.render(
        request,
        "staff/letters/person.html",
        f"Messages to {user}",
        lead="What they were sent, what they were not sent, and why.",
        crumbs=crumbs,
        page=page,
        lines=list(_lines(page)),
        may_open=request.user.has_perm(MAY_SEE),
        **{"eyebrow": "", "reminders": []} | context,
    )


def _lines(messages: Iterable[Message]) -> Iterator[Line]:
    known = {kind.key: kind for kind in kinds.every()}
    for message in messages:
        kind = known.get(message.kind)
        yield Line(message, kind.title if kind else message.kind, kind.audience if kind else "nobody any more")
