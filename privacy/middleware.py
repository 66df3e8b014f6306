"""Signing in without losing what one had typed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from privacy import typed


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's, which keeps what a form sent for its person, and leads them back to the page where the form stands."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if request.user.is_authenticated:
            typed.settle(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:
        page = typed.page_of(request, view_func)
        typed.keep(request, page)
        if page != request.get_full_path():
            return redirect_to_login(page)
        return super().handle_no_permission(request, view_func)
