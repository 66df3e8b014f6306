"""A person's home, account and data."""

from django.urls import path

from portal.views import account

urlpatterns = [
    path("home/", account.home, name="home"),
    path("you/", account.account, name="account"),
    path("you/consent/<str:purpose>/", account.consent, name="set_consent"),
]
