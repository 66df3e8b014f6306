"""The public site, open to anyone."""

from django.urls import path

from portal.views import public

urlpatterns = [
    path("", public.home, name="public_home"),
    path("interest/", public.placeholder, name="interest"),
    path("individuals/", public.placeholder, name="individuals"),
    path("privacy/", public.placeholder, name="privacy"),
    path("cookies/", public.placeholder, name="cookies"),
    path("accessibility/", public.placeholder, name="accessibility"),
    path("contact/", public.placeholder, name="contact"),
    path("health/", public.health, name="health"),
]
