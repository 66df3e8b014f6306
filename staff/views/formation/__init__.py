"""The formation board: is the cohort ready, form circles, watch, review, change by hand, compare, publish."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from staff import pages
from staff.views.formation import apart, board, person, publication, versions


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/formation/", board.formation_board, "formation_board"),
        pages.page(site, "cohort/<uuid:pk>/formation/ready/", board.ready, "formation_ready"),
        pages.page(site, "cohort/<uuid:pk>/formation/start/", board.start, "formation_start"),
        pages.page(site, "cohort/<uuid:pk>/formation/stop/", board.stop, "formation_stop"),
        pages.page(site, "cohort/<uuid:pk>/formation/progress/", board.progress, "formation_progress"),
        pages.page(site, "cohort/<uuid:pk>/formation/versions/", versions.all_versions, "formation_versions"),
        pages.page(site, "cohort/<uuid:pk>/formation/compare/", versions.comparison, "formation_compare"),
        pages.page(site, "cohort/<uuid:pk>/formation/publish/", publication.publication, "formation_publish"),
        pages.page(site, "formation/<uuid:run>/hold/", person.hold, "formation_hold"),
        pages.page(site, "formation/<uuid:run>/undo/", person.undo, "formation_undo"),
        pages.page(site, "formation/<uuid:run>/take-up/", versions.take_up, "formation_take_up"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/", person.move, "formation_move"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/options/", person.options, "formation_options"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/pin/", person.pin, "formation_pin"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/apart/", apart.keep, "formation_apart"),
        pages.page(site, "formation/apart/<uuid:pk>/remove/", apart.remove, "formation_together"),
    ]
