"""Putting off one thing that the front page lists, and bringing it back."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from privacy import typed
from staff import attention, pages
from staff.attention import putting_off
from staff.attention_forms import PutOffForm
from staff.models import PutOff
from ui.dates import uk_date

PERMISSION = "staff.put_off"
WEEK = dt.timedelta(days=7)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "attention/<slug:rule>/<str:key>/", put_off, "put_off"),
        pages.page(site, "put-off/<uuid:pk>/back/", bring_back, "bring_back"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: HttpRequest, rule: str, key: str) -> HttpResponse:
    pages.allow(request, PERMISSION)
    found, item = _found(request.user, rule, key)
    pages.allow(request, PERMISSION, Cohort(pk=item.cohort_id) if item.cohort_id else None)
    # Who comes from the page of the rule, with what they chose there, goes on there.
    listed = f"{reverse('admin:attention_rule', args=[rule])}?{request.GET.urlencode()}"
    back = listed if request.GET else reverse("admin:index")
    form = typed.put_back(
        request, PutOffForm(request.POST if request.method == "POST" else None, initial={"until": clock.today() + WEEK})
    )
    if form.is_bound and form.is_valid():
        putting_off.put_off(rule=found, item=item, by=request.user, **form.cleaned_data)
        messages.success(request, f"Put off until {uk_date(form.cleaned_data['until'])}. It is listed below till then.")
        return redirect(back)
    return pages.render(
        request, "staff/dashboard/put_off.html", "Put it off", form=form, rule=found, item=item, back=back
    )


def _found(user: User, key: str, subject: str) -> tuple[attention.Rule, attention.Item]:
    """The rule, and what it finds for this person about that row; 404 when there is no such thing."""
    rule = attention.by_key(key)
    opened = list(Cohort.objects.for_staff(user).filter(closed_at=None).select_related("format"))
    now = attention.look([rule], user, opened).now.values() if rule else []
    items = [item for findings in now for finding in findings for item in finding.items if item.key == subject]
    if rule is None or not items:
        raise Http404
    return rule, items[0]


@require_POST
def bring_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    mine = Q(cohort=None) | Q(cohort__in=Cohort.objects.for_staff(request.user))
    row = get_object_or_404(PutOff.objects.filter(mine).select_related("cohort"), pk=pk)
    pages.allow(request, PERMISSION, row.cohort)
    putting_off.bring_back(row=row, by=request.user)
    messages.success(request, "It is listed again.")
    return redirect("admin:index")
