"""A participant's circle, sessions and certificate."""

from django.urls import path

from portal.views import calendar, certificate, circle, event, poll, session, stand_in

urlpatterns = [
    path("circle/<uuid:pk>/", circle.circle, name="circle"),
    path("circle/<uuid:pk>/agenda/", circle.add_agenda_item, name="add_agenda_item"),
    path("circle/<uuid:pk>/meeting-link/", circle.meeting_link, name="meeting_link"),
    path("circle/<uuid:pk>/hand-over/", circle.hand_over, name="hand_over"),
    path("circle/<uuid:pk>/dates/", circle.dates, name="my_dates"),
    path("circle/<uuid:pk>/sessions/new/", session.add, name="add_session"),
    path("circle/<uuid:pk>/dates/propose/", poll.propose, name="propose_dates"),
    path("dates/<uuid:pk>/", poll.poll, name="poll"),
    path("dates/<uuid:pk>/decide/", poll.decide, name="decide_poll"),
    path("dates/by-link/<str:token>/", poll.by_link, name="poll_by_link"),
    path("agenda/<uuid:pk>/", circle.tick_agenda_item, name="tick_agenda_item"),
    path("session/<uuid:pk>/", session.session, name="session"),
    path("session/<uuid:pk>/reply/", session.reply, name="reply_session"),
    path("session/<uuid:pk>/move/", session.move, name="move_session"),
    path("session/<uuid:pk>/plan/", session.plan, name="session_plan"),
    path("session/<uuid:pk>/cancel/", session.cancel, name="cancel_session"),
    path("session/<uuid:pk>/attendance/", session.attendance, name="session_attendance"),
    path("session/<uuid:pk>/i-came/", session.i_came, name="session_i_came"),
    path("session/<uuid:pk>/stand-in/", stand_in.ask, name="ask_stand_in"),
    path("session/<uuid:pk>/stand-in/end/", stand_in.end, name="end_stand_in"),
    path("stand-in/<str:token>/", stand_in.by_link, name="stand_in_by_link"),
    path("reply/<str:token>/", session.reply_by_link, name="reply_by_link"),
    path("were-you-there/<str:token>/", session.attendance_by_link, name="attendance_by_link"),
    path("join/<str:token>/", session.join, name="join_session"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/new/", calendar.make, name="make_calendar_link"),
    path("calendar/off/", calendar.switch_off, name="switch_off_calendar_link"),
    path("calendar/wording/", calendar.set_wording, name="set_calendar_wording"),
    path("cal/<str:token>.ics", calendar.feed, name="calendar_feed"),
    path("event/<uuid:pk>/", event.event, name="event"),
    path("event/by-link/<str:token>/", event.event_by_link, name="event_by_link"),
    path("certificate/<uuid:pk>/certificate.pdf", certificate.pdf, name="certificate_pdf"),
    path("certificates/<str:code>/", certificate.check, name="certificate_check"),
]
