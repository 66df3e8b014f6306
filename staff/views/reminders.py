"""Reminders of a cohort: each rule with who would get it now, who not, and why, before it is switched on."""

import uuid
from collections import Counter

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.fields import sort_key
from accounts.workdays import is_open, next_opening
from cohorts import reminders
from cohorts.models import Cohort, ReminderRule
from cohorts.reminders import Verdict, When
from cohorts.services import switch_rule
from staff import pages
from ui.dates import uk_datetime

PAGE = 50
SHOWN = [(When.NOW, "Now"), (When.LATER, "Later"), (When.NOT, "Not")]


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/reminders/", cohort_reminders, "cohort_reminders"),
        pages.page(site, "reminder/<uuid:pk>/", reminder, "reminder_rule"),
    ]


@require_safe
def cohort_reminders(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every rule of a cohort, each a link to who would get it."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "cohorts.change_cohort", cohort)
    return pages.render(
        request,
        "staff/reminders/list.html",
        "Reminders",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        rules=cohort.reminder_rules.all(),
        edit_url=f"{cohort.get_absolute_url()}#reminder_rules-group",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who would get one reminder, who not, and why; and its switch."""
    mine = ReminderRule.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    rule = get_object_or_404(mine.select_related("cohort__format"), pk=pk)
    pages.allow(request, "cohorts.change_cohort", rule.cohort)
    if request.method == "POST":
        return _switch(request, rule)
    verdicts = list(reminders.for_rule(rule))
    words = request.GET.get("q", "").strip()
    sought = [one for one in verdicts if _is_sought(one, words)]
    when, counts = _chosen(request, sought), Counter(one.when for one in sought)
    chosen = [one for one in sought if one.when == when]
    return pages.render(
        request,
        "staff/reminders/rule.html",
        rule.get_kind_display(),
        eyebrow=str(rule.cohort),
        lead=f"{rule.when[:1].upper()}{rule.when[1:]}.",
        crumbs=[
            *pages.cohort_crumbs(rule.cohort),
            ("Reminders", reverse("admin:cohort_reminders", args=[rule.cohort_id])),
        ],
        rule=rule,
        tabs=[(key, label, counts[key], key == when) for key, label in SHOWN],
        total=len(verdicts),
        when=when,
        words=words,
        page=Paginator(chosen, PAGE).get_page(request.GET.get("page")),
        waits=_waits(rule),
    )


def _chosen(request: HttpRequest, verdicts: list[Verdict]) -> When:
    """The list that was asked for; else the first one with somebody in it."""
    asked = request.GET.get("when", "")
    if asked in set(When):
        return When(asked)
    there = {one.when for one in verdicts}
    return next((key for key, _ in SHOWN if key in there), When.NOW)


def _is_sought(one: Verdict, words: str) -> bool:
    """Whether every word is in the person’s name or address, or in what they are reminded of."""
    text = sort_key(one.to.get_full_name(), one.to.email, one.occasion.words)
    return all(sort_key(word) in text for word in words.split())


def _waits(rule: ReminderRule) -> str:
    """Until when mail of this cohort waits; blank in working hours."""
    now, nation = clock.now(), rule.cohort.bank_holidays
    return "" if is_open(now, nation) else uk_datetime(next_opening(now, nation))


def _switch(request: HttpRequest, rule: ReminderRule) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    switch_rule(rule=rule, on=on, by=request.user)
    messages.success(request, "It is switched on." if on else "It is switched off: nobody gets it from now on.")
    return redirect("admin:reminder_rule", pk=rule.pk)
