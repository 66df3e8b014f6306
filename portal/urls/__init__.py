"""Addresses of the public site and the web portal, one file for each front door."""

from portal.urls import account, circle, coordinator, enrolment, invitation, public, survey

app_name = "portal"
urlpatterns = [
    *public.urlpatterns,
    *invitation.urlpatterns,
    *enrolment.urlpatterns,
    *coordinator.urlpatterns,
    *circle.urlpatterns,
    *survey.urlpatterns,
    *account.urlpatterns,
]
