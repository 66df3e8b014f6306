"""Surveys and a participant's own progress."""

from django.urls import path

from portal.views import check_in, own_answers, progress, survey

urlpatterns = [
    path("survey/<uuid:pk>/", survey.start, name="survey"),
    path("survey/<uuid:pk>/page/<int:number>/", survey.page, name="survey_page"),
    path("survey/<uuid:pk>/check/", survey.check, name="survey_check"),
    path("survey/<uuid:pk>/thank-you/", survey.thanks, name="survey_thanks"),
    path("survey/<uuid:pk>/testimonial/", survey.testimonial, name="testimonial"),
    path("testimonial/<uuid:pk>/withdraw/", survey.withdraw_testimonial, name="withdraw_testimonial"),
    path("session/<uuid:pk>/check-in/", check_in.check_in, name="check_in"),
    path("check-in/<str:token>/", check_in.by_link, name="check_in_by_link"),
    path("half-way/<uuid:pk>/", check_in.mid_point, name="mid_point"),
    path("progress/<uuid:pk>/", progress.progress, name="progress"),
    path("progress/<uuid:pk>/goals/", progress.goals, name="goals"),
    path("progress/<uuid:pk>/goals/change/", own_answers.change_goals, name="change_goals"),
    path("progress/<uuid:pk>/progress.pdf", progress.pdf, name="progress_pdf"),
]
