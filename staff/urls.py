"""Workflow pages of the programme team, below the admin's own address and namespace.

Each module of `staff.views` says its own pages in `urlpatterns(site)`; here they are put together.
"""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from staff.views import (
    address,
    announcements,
    asking_again,
    changes,
    cloning,
    closing,
    cohort,
    comments,
    desk,
    employer,
    erasing,
    evaluation,
    events,
    formation,
    handbook,
    impact,
    interests,
    letters,
    lists,
    moving,
    onboarding,
    past_cohorts,
    people,
    polls,
    publishing,
    putting_off,
    reminders,
    renewals,
    saved_views,
    session_plans,
    sessions,
    surveys,
    undoing,
    wording,
)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    """Every page, wrapped so that only staff get in; what each of them may do is the page's own question."""
    return [
        *address.urlpatterns(site),
        *cohort.urlpatterns(site),
        *formation.urlpatterns(site),
        *erasing.urlpatterns(site),
        *handbook.urlpatterns(site),
        *evaluation.urlpatterns(site),
        *events.urlpatterns(site),
        *impact.urlpatterns(site),
        *cloning.urlpatterns(site),
        *closing.urlpatterns(site),
        *comments.urlpatterns(site),
        *desk.urlpatterns(site),
        *employer.urlpatterns(site),
        *interests.urlpatterns(site),
        *changes.urlpatterns(site),
        *wording.urlpatterns(site),
        *announcements.urlpatterns(site),
        *asking_again.urlpatterns(site),
        *letters.urlpatterns(site),
        *lists.urlpatterns(site),
        *moving.urlpatterns(site),
        *onboarding.urlpatterns(site),
        *people.urlpatterns(site),
        *past_cohorts.urlpatterns(site),
        *polls.urlpatterns(site),
        *publishing.urlpatterns(site),
        *putting_off.urlpatterns(site),
        *reminders.urlpatterns(site),
        *renewals.urlpatterns(site),
        *saved_views.urlpatterns(site),
        *session_plans.urlpatterns(site),
        *sessions.urlpatterns(site),
        *surveys.urlpatterns(site),
        *undoing.urlpatterns(site),
    ]
