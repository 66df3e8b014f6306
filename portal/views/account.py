"""A person's home, account and data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


def account(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/account.html")
