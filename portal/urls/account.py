"""A person's home, account and data."""

from django.urls import path

from portal.views import account, address, employer, erasure, held, own_answers, unsubscribe

urlpatterns = [
    path("home/", account.home, name="home"),
    path("you/", account.account, name="account"),
    path("you/address/", address.address, name="address"),
    path("you/employer/", employer.employer, name="employer"),
    path("you/access-needs/<uuid:pk>/", own_answers.access_needs, name="access_needs"),
    path("you/mail/<str:category>/", unsubscribe.mail, name="set_mail"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("you/data/", held.held, name="held"),
    path("you/data.json", held.held_file, name="held_file"),
    path("you/erase/", erasure.ask_erasure, name="ask_erasure"),
    path("you/consent/<str:purpose>/", account.consent, name="set_consent"),
]
