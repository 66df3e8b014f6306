"""Pages that anyone may see."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import clock, memory
from content import search
from content.selectors import faqs, texts
from portal import findable, showcase
from surveys.selectors import live_impact
from surveys.selectors.impact import CAVEAT
from ui.dates import uk_date
from ui.text import data_block

DESCRIPTIONS = {
    "privacy": "What Mentoring Circles holds about you, why, for how long, and your rights.",
    "cookies": "The cookies that this service sets, and what each is for.",
    "accessibility": "How accessible this service is, and what to do if something does not work for you.",
    "contact": "How to reach the team that runs Mentoring Circles.",
}


HOME_COHORTS = 6  # how many that can be joined stand there, and how many that run; a link leads to all of them
COHORTS_A_PAGE = 12
HOME_QUESTIONS = 5  # how many stand on the front page; the others are a search away
LONGEST_SEARCH = 100


def canonical(request: HttpRequest) -> str:
    """The page's own address, built from the service's and never from the Host header."""
    return settings.BASE_URL + request.path


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Nothing on it is anybody's own but its frame; the rest is drawn again when something of it has changed.

    Whoever comes without a session sees what every such visitor sees: for them the frame is drawn once, too.
    """
    known = memory.of("public home")

    def page() -> str:
        context = {"canonical": canonical(request), "parts": known("parts", _home_parts)}
        return render_to_string("portal/public/home.html", context, request)

    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return HttpResponse(page() if has_session else known("page", page))


def _home_parts() -> dict[str, str]:
    """Its main part, and what search engines read of it. They are drawn for nobody in particular: without a request."""
    cards = showcase.cohorts()
    joinable = showcase.of_state(cards, showcase.JOINABLE)[:HOME_COHORTS]
    running = showcase.of_state(cards, showcase.RUNNING)[:HOME_COHORTS]
    context = {
        "impact": live_impact(),
        "changed": showcase.changed(),
        "caveat": CAVEAT,
        "texts": texts("home_what", "home_who", "home_how", "home_formats"),
        "joinable": joinable,
        "running": running,
        "more": len(cards) > len(joinable) + len(running),
        "faqs": faqs()[:HOME_QUESTIONS],
        "testimonials": showcase.testimonials(),
        "today": uk_date(clock.today()),
    }
    shown = [*joinable, *running]
    return {
        "data": data_block(findable.events(shown)) if shown else "",
        "main": render_to_string("portal/public/home_main.html", context),
    }


@login_not_required
def cohorts(request: HttpRequest) -> HttpResponse:
    """Every cohort with its dates, a page at a time."""
    page = Paginator(showcase.cohorts(), COHORTS_A_PAGE).get_page(request.GET.get("page"))
    by_state = {state: showcase.of_state(page, state) for state in (showcase.JOINABLE, showcase.RUNNING, showcase.PAST)}
    ahead = [*by_state[showcase.JOINABLE], *by_state[showcase.RUNNING]]
    context = {
        "canonical": canonical(request) + (f"?page={page.number}" if page.number > 1 else ""),
        "events": findable.events(ahead) if ahead else None,
        "page": page,
        "today": uk_date(clock.today()),
        **by_state,
    }
    return render(request, "portal/public/cohorts.html", context)


@login_not_required
def questions(request: HttpRequest) -> HttpResponse:
    """Every question with its answer, or those that have the words looked for in them."""
    asked = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    every = list(faqs())
    context = {
        "canonical": canonical(request),
        "asked": asked,
        "unlisted": bool(asked),  # the page itself is in search engines, not every search in it
        "result": search.find(every, asked),
        "data": None if asked else findable.questions_page(every),
    }
    return render(request, "portal/public/questions.html", context)


@login_not_required
def robots_txt(request: HttpRequest) -> HttpResponse:
    return HttpResponse(findable.robots(), content_type="text/plain")


@login_not_required
def site_map(request: HttpRequest) -> HttpResponse:
    return sitemap(request, {"pages": findable.PublicPages()})


@login_not_required
def text_page(request: HttpRequest, key: str) -> HttpResponse:
    """A page that is one text: privacy, accessibility, contact."""
    context = {"canonical": canonical(request), "text": texts(key)[key], "description": DESCRIPTIONS[key]}
    return render(request, "portal/public/text_page.html", context)


def cookie_rows() -> list[dict[str, str]]:
    """Exactly the cookies that the service sets, by the names that this copy gives them."""
    return [
        {
            "name": settings.SESSION_COOKIE_NAME,
            "purpose": "Knows that it is still you from one page to the next: when you sign in, or to confirm what "
            "you have just sent.",
            "until": "You close your browser, or 12 hours after you last signed in",
        },
        {
            "name": settings.CSRF_COOKIE_NAME,
            "purpose": "Makes sure that a form sent in your name came from our own page.",
            "until": "One year",
        },
    ]


@login_not_required
def cookies(request: HttpRequest) -> HttpResponse:
    context = {
        "canonical": canonical(request),
        "text": texts("cookies")["cookies"],
        "description": DESCRIPTIONS["cookies"],
        "cookies": cookie_rows(),
    }
    return render(request, "portal/public/cookies.html", context)


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answers when the process and its database do; asked by the deployment's health checks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
