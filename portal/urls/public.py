"""The public site, open to anyone."""

from django.urls import path

from portal.views import complaint, interest, public

urlpatterns = [
    path("", public.home, name="public_home"),
    path("cohorts/", public.cohorts, name="cohorts"),
    path("questions/", public.questions, name="questions"),
    path("interest/", interest.start, name="interest"),
    path("interest/question/", interest.question, name="interest_question"),
    path("interest/registration/", interest.registration, name="interest_registration"),
    path("interest/thank-you/", interest.thanks, name="interest_thanks"),
    path("individuals/", interest.individuals, name="individuals"),
    path("individuals/taking-part/", interest.taking_part, name="individuals_taking_part"),
    path("individuals/words/", interest.words, {"counted": False}, name="individuals_words"),
    path("individuals/thank-you/", interest.words, {"counted": True}, name="individuals_counted"),
    path("privacy/", public.text_page, {"key": "privacy"}, name="privacy"),
    path("privacy/complaint/", complaint.complain, name="complaint"),
    path("privacy/complaint/thank-you/", complaint.thanks, name="complaint_thanks"),
    path("cookies/", public.cookies, name="cookies"),
    path("accessibility/", public.text_page, {"key": "accessibility"}, name="accessibility"),
    path("contact/", public.text_page, {"key": "contact"}, name="contact"),
    path("robots.txt", public.robots_txt, name="robots"),
    path("sitemap.xml", public.site_map, name="sitemap"),
    path("health/", public.health, name="health"),
]
