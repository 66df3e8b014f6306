"""Pages that anyone may see."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/home.html")


@login_not_required
def placeholder(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/public/home.html")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answers when the process and its database do; asked by the deployment's health checks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
