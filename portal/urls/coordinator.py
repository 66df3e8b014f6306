"""An organisation's coordinator."""

from django.urls import path

from portal.views import coordinator, coordinator_impact, coordinators, nominations, recruiting, renewal

urlpatterns = [
    path("organisation/<uuid:pk>/", coordinator.organisation, name="organisation"),
    path("organisation/<uuid:pk>/impact/", coordinator_impact.impact, name="organisation_impact"),
    path("organisation/<uuid:pk>/evidence/", coordinator_impact.show_evidence, name="organisation_evidence"),
    path("organisation/<uuid:pk>/evidence.pdf", coordinator_impact.pdf, name="organisation_evidence_pdf"),
    path("organisation/<uuid:pk>/remind/", recruiting.remind, name="remind_nominees"),
    path("organisation/<uuid:pk>/words/", recruiting.words, name="recruiting_words"),
    path("organisation/<uuid:pk>/poster/<str:role>.pdf", recruiting.poster, name="recruiting_poster"),
    path("organisation/<uuid:pk>/coordinators/", coordinators.coordinators, name="coordinators"),
    path("organisation/<uuid:pk>/hand-over/", coordinators.hand_over, name="hand_over_organisation"),
    path("organisation/<uuid:pk>/renewal/<uuid:cohort>/", renewal.renewal, name="renewal"),
    path("coordinating/<str:token>/", coordinators.coordinating, name="coordinating"),
    path("organisation/<uuid:pk>/nominate/", coordinator.nominate, name="nominate"),
    path("organisation/<uuid:pk>/link/", coordinator.renew_link, name="renew_application_link"),
    path("organisation/<uuid:pk>/people.csv", coordinator.people_file, name="people_file"),
    path("organisation/<uuid:pk>/import/", nominations.upload, name="import_nominations"),
    path("organisation/<uuid:pk>/import/template.<str:kind>", nominations.template, name="import_template"),
    path("organisation/<uuid:pk>/import/<uuid:upload>/", nominations.preview, name="import_preview"),
    path("nomination/<uuid:pk>/withdraw/", coordinator.withdraw, name="withdraw_nomination"),
    path("nomination/<uuid:pk>/replace/", coordinator.replace, name="replace_nomination"),
    path("nomination/<uuid:pk>/send-again/", coordinator.send_again, name="send_nomination_again"),
    path("nomination/<uuid:pk>/move/", coordinator.move, name="move_nomination"),
    path("nomination/<uuid:pk>/confirm/", coordinator.confirm, name="confirm_application"),
]
