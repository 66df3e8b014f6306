"""An organisation's coordinator."""

from django.urls import path

from portal.views import coordinator, coordinator_impact, nominations

urlpatterns = [
    path("organisation/<uuid:pk>/", coordinator.organisation, name="organisation"),
    path("organisation/<uuid:pk>/impact/", coordinator_impact.impact, name="organisation_impact"),
    path("organisation/<uuid:pk>/nominate/", coordinator.nominate, name="nominate"),
    path("organisation/<uuid:pk>/link/", coordinator.renew_link, name="renew_application_link"),
    path("organisation/<uuid:pk>/import/", nominations.upload, name="import_nominations"),
    path("organisation/<uuid:pk>/import/template.<str:kind>", nominations.template, name="import_template"),
    path("organisation/<uuid:pk>/import/<uuid:upload>/", nominations.preview, name="import_preview"),
    path("nomination/<uuid:pk>/withdraw/", coordinator.withdraw, name="withdraw_nomination"),
    path("nomination/<uuid:pk>/send-again/", coordinator.send_again, name="send_nomination_again"),
    path("nomination/<uuid:pk>/move/", coordinator.move, name="move_nomination"),
    path("nomination/<uuid:pk>/confirm/", coordinator.confirm, name="confirm_application"),
]
