"""Writing down who spoke to whom, and giving and ticking tasks, from the page of what they are about."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from privacy import typed
from staff import pages
from staff.desk import reach, services, subjects
from staff.desk.forms import ContactForm, TaskForm
from staff.desk.subjects import Subject
from staff.models import Contact, Task

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "contact/<slug:kind>/<uuid:pk>/", add_contact, "add_contact"),
        pages.page(site, "contact/<uuid:pk>/change/", change_contact, "change_contact"),
        pages.page(site, "contact/<uuid:pk>/delete/", delete_contact, "delete_contact"),
        pages.page(site, "task/<slug:kind>/<uuid:pk>/", add_task, "add_task"),
        pages.page(site, "task/<uuid:pk>/done/", mark_task, "mark_task"),
    ]


# --- contacts -------------------------------------------------------------------------------------
@shows_and_takes
def add_contact(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """The form stands below the object's own page; here it comes back when something is missing."""
    pages.allow(request, reach.CONTACTS)
    subject = subjects.find(request.user, kind, pk)
    if not subject.takes_contacts:
        raise PermissionDenied
    form = typed.put_back(request, ContactForm(_posted(request), subject=subject))
    if form.is_bound and form.is_valid():
        services.write_contact(subject=subject, by=request.user, **form.cleaned_data)
        messages.success(request, "The contact is written down.")
        return redirect(f"{subject.url}#contacts")
    return _contact_page(request, f"Write down a contact with {subject.words}", subject, form)


@shows_and_takes
def change_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    contact, subject = _own_contact(request, pk)
    form = typed.put_back(request, ContactForm(_posted(request), subject=subject, contact=contact))
    if form.is_bound and form.is_valid():
        services.change_contact(contact=contact, by=request.user, **form.cleaned_data)
        messages.success(request, "The contact is changed.")
        return redirect(f"{subject.url}#contacts")
    return _contact_page(request, f"Change a contact with {subject.words}", subject, form, contact)


@shows_and_takes
def delete_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first."""
    contact, subject = _own_contact(request, pk)
    if request.method == "POST":
        services.delete_contact(contact=contact, by=request.user)
        messages.success(request, "The contact is deleted.")
        return redirect(f"{subject.url}#contacts")
    return _page(request, "contact_delete", f"Delete a contact with {subject.words}?", subject, contact=contact)


def _own_contact(request: HttpRequest, pk: uuid.UUID) -> tuple[Contact, Subject]:
    """One that this person wrote, with the page that they see it on; refused to whoever only reads it."""
    pages.allow(request, reach.CONTACTS)
    rows = Contact.objects.for_staff(request.user).select_related("organisation", "person")
    contact = get_object_or_404(rows, pk=pk)
    if contact.written_by_id != request.user.pk:
        raise PermissionDenied
    return contact, subjects.seen_by(request.user, contact.about)


def _contact_page(
    request: HttpRequest, title: str, subject: Subject, form: ContactForm, contact: Contact | None = None
) -> HttpResponse:
    return _page(request, "contact", title, subject, form=form, contact=contact)


# --- tasks ----------------------------------------------------------------------------------------
@shows_and_takes
def add_task(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    pages.allow(request, reach.TASKS)
    subject = subjects.find(request.user, kind, pk)
    form = typed.put_back(request, TaskForm(_posted(request), viewer=request.user))
    if form.is_bound and form.is_valid():
        task = services.give_task(subject=subject, by=request.user, **form.cleaned_data)
        messages.success(request, f"It is on the list of {task.owner}.")
        return redirect(f"{subject.url}#tasks")
    return _page(request, "task", f"Add a task about {subject.words}", subject, form=form)


@require_POST
def mark_task(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Done, or not done after all: one click, from whichever page lists it, and back to it."""
    pages.allow(request, reach.TASKS)
    task = get_object_or_404(Task.objects.for_staff(request.user), pk=pk)
    done = request.POST.get("done") != "no"
    services.mark_task(task=task, done=done, by=request.user)
    messages.success(request, f"Done: {task.what}" if done else f"To be done again: {task.what}")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that the button was on."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else reverse("admin:staff_task_changelist")


# --- both -----------------------------------------------------------------------------------------
def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, name: str, title: str, subject: Subject, **context: object) -> HttpResponse:
    crumbs = [(subject.words, subject.url)]
    return pages.render(request, f"staff/desk/{name}.html", title, crumbs=crumbs, subject=subject, **context)
