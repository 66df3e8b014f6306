"""A nominee's link and an organisation's application link: no account needed."""

from django.urls import path

from portal.views import application, asked_again, invitation

urlpatterns = [
    path("invitation/<str:token>/", invitation.show, name="invitation"),
    path("invitation/<str:token>/accept/", invitation.accept, name="invitation_accept"),
    path("invitation/<str:token>/decline/", invitation.decline, name="invitation_decline"),
    path("again/<str:token>/", asked_again.asked_again, name="asked_again"),
    path("apply/<str:token>/", application.apply, name="apply"),
    path("apply/<str:token>/thanks/", application.thanks, name="apply_thanks"),
]
