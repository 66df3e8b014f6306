"""The team's handbook: all tasks, searched; one of them; and everything on one page, to print."""

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from staff import handbook, pages

TITLE = "Handbook"
WHOLE = "everything"  # instead of a task: all of them on one page


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "handbook/", index, "handbook"),
        pages.page(site, "handbook/<slug:slug>/", page, "handbook_page"),
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    query = request.GET.get("q", "").strip()[:100]
    found = handbook.search(query)
    lead = "One short page for each task, with links to where it is done."
    return pages.render(
        request, "staff/handbook/index.html", TITLE, lead=lead, query=query, chapters=found, whole=WHOLE
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    pages.allow(request, "staff.dashboard")
    crumbs = [(TITLE, reverse("admin:handbook"))]
    if slug == WHOLE:
        chapters = [(one, one.whole(request)) for one in handbook.chapters()]
        return pages.render(
            request, "staff/handbook/whole.html", "The whole handbook", crumbs=crumbs, chapters=chapters
        )
    chapter = handbook.chapter(slug)
    if chapter is None:
        raise Http404
    mine = Cohort.objects.for_staff(request.user).filter(closed_at=None).order_by("launch_from", "name")
    return pages.render(
        request,
        "staff/handbook/page.html",
        chapter.title,
        lead=chapter.summary,
        eyebrow=TITLE,
        crumbs=crumbs,
        chapter=chapter,
        body=chapter.body(request),
        links=chapter.links(request),
        by_cohort=chapter.links_for(request, list(mine)) if chapter.by_cohort else [],
    )
