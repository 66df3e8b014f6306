"""What can be done to one row, offered on its own page: the acts of the list, with the same page between."""

from typing import Any

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class ActsOnPage:
    """For a ModelAdmin. `acts_of` names those of its actions that make sense for a row as it is.

    A page on which nothing can be written has no button that saves.
    """

    change_form_template = "admin/acts_change_form.html"

    def acts_of(self, row: Any) -> list[str]:
        raise NotImplementedError

    def may_act_on(self, request: HttpRequest, row: Any) -> bool:
        """Whether the person may act on this row; whether they may do each act, it says itself."""
        return self.has_change_permission(request, row)  # type: ignore[attr-defined]  # ModelAdmin's

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row, known = context.get("original"), self.get_actions(request)  # type: ignore[attr-defined]  # ModelAdmin's
        names = self.acts_of(row) if row is not None and self.may_act_on(request, row) else []
        writes = bool(context["adminform"].form.fields)
        context |= {
            "acts": [(name, known[name][2]) for name in names if name in known],
            "list_url": reverse(admin_urlname(self.opts, "changelist")),  # type: ignore[attr-defined]  # ModelAdmin's
            "show_save": writes,
            "show_save_and_continue": writes,
        }
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]  # ModelAdmin's
