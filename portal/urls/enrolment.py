"""Enrolling, step by step, and getting ready for the first session."""

from django.urls import path

from portal.views import enrolment, leaving, onboarding

urlpatterns = [
    path("enrolment/<uuid:pk>/", enrolment.overview, name="enrolment"),
    path("enrolment/<uuid:pk>/check/", enrolment.check, name="enrolment_check"),
    path("enrolment/<uuid:pk>/done/", enrolment.done, name="enrolment_done"),
    path("enrolment/<uuid:pk>/not-for-me/", enrolment.not_eligible, name="enrolment_not_eligible"),
    path("enrolment/<uuid:pk>/leave/", leaving.leave, name="enrolment_leave"),
    path("enrolment/<uuid:pk>/dates/", enrolment.dates, name="enrolment_dates"),
    path("enrolment/<uuid:pk>/<slug:step>/", enrolment.step, name="enrolment_step"),
    path("getting-ready/<uuid:pk>/", onboarding.onboarding, name="onboarding"),
    path("getting-ready/<uuid:pk>/guides/<uuid:guide>/", onboarding.guide, name="guide"),
    path("getting-ready/<uuid:pk>/<uuid:item>/", onboarding.mark, name="mark_onboarding"),
]
