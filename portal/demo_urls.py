"""Pages that exist in demonstration and tests only: production does not even include this file."""

from django.urls import include, path

from portal.views import demo

pages = [
    path("", demo.people, name="people"),
    path("sign-in/<uuid:pk>/", demo.sign_in, name="sign_in"),
    path("mail/", demo.mail, name="mail"),
    path("mail/<slug:name>/", demo.letter, name="letter"),
    path("mail/<slug:name>/html/", demo.letter_html, name="letter_html"),
    path("clock/", demo.clock_page, name="clock"),
]
urlpatterns = [
    path("", include((pages, "demo"))),
    path("gallery/", include("ui.urls")),
]
