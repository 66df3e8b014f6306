"""The programme team's front door: Django's admin with our dashboard and workflow pages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin, action
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from staff import handbook, sections
from staff.history import WithHistory
from staff.lists.tools import ListTools

# The order of the work, not of the alphabet.
APP_ORDER = [
    "cohorts", "organisations", "participants", "circles", "surveys", "staff", "outbox", "content", "accounts",
    "privacy",
]  # fmt: skip

OF_SLUGS = {"urlify.js", "prepopulate.js"}
OF_UNICODE = {"vendor/xregexp/xregexp.min.js", "vendor/xregexp/xregexp.js"}  # no slug of ours has other letters


class StaffSite(AdminSite):
    site_header = "Mentoring Circles"
    site_title = "Programme team"
    index_title = "Today"
    site_url = "/"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the header leads to the lists, and tables need the width

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.add_action(_delete_selected, "delete_selected")

    def get_urls(self) -> list[Any]:
        from staff.urls import urlpatterns

        return [*urlpatterns(self), *super().get_urls()]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As Django's, with our lists and history, with less script, and without “View on site”.

        A row's own address is its page in the admin.
        """
        admin_class = admin_class or ModelAdmin
        with_tools = type(
            admin_class.__name__, (ListTools, WithHistory, admin_class), {"__module__": admin_class.__module__}
        )
        super().register(model_or_iterable, with_tools, **{"view_on_site": False, "media": property(_media), **options})

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """As Django's, except that somebody signed in who is not staff is refused, not asked to sign in again."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        here = request.resolver_match.url_name if request.resolver_match else ""
        return {
            **context,
            "sections": sections.of(request, context["available_apps"]),
            "how": handbook.about(here or "") if context["has_permission"] else None,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from staff.views.dashboard import dashboard

        return dashboard(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in, whoever signs in."""
        return secure_admin_login(lambda _: redirect("admin:index"))(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What the person may see, in the order in which a cohort is worked on. A page that knows it, says so."""
        if app_label is None and (known := getattr(request, "app_list", None)) is not None:
            return known
        apps = self._build_app_dict(request, app_label).values()
        return sorted(apps, key=lambda app: _rank(app["app_label"]))


@action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def _delete_selected(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
    """Django’s, except that of a list with people in it only a few go at once."""
    from staff.lists.deleting import delete_few

    return delete_few(model_admin, request, queryset)


def _media(model_admin: ModelAdmin) -> Media:
    """Django's style sheets and scripts, without those for slugs where there is none to write: a third of a page."""
    whole: Media = super(type(model_admin), model_admin).media
    idle = OF_UNICODE if model_admin.prepopulated_fields else OF_UNICODE | OF_SLUGS
    return Media(css=whole._css, js=[script for script in whole._js if script.partition("admin/js/")[2] not in idle])


def _rank(app_label: str) -> int:
    return APP_ORDER.index(app_label) if app_label in APP_ORDER else len(APP_ORDER)
