"""`make screenshots`: every page of the demonstration as everybody who may see it, at three widths, light and dark.

Each person's pages are found as they find them: by following links from where they sign in, one page for each address
of the resolver. What no link leads to (a nominee's links) is asked for by name. The pictures and an `index.html` come
into the ignored folder `screenshots`; pages that are wider than their window are named at the end.
"""

import argparse
import html
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import Resolver404, resolve, reverse  # noqa: E402
from playwright.sync_api import Browser, Error, Page, sync_playwright  # noqa: E402

from accounts.models import User  # noqa: E402
from circles import links as circle_links  # noqa: E402
from circles.models import Membership, Session  # noqa: E402
from cohorts.models import Cohort, StaffAssignment  # noqa: E402
from comc.browser import arguments, on_path  # noqa: E402
from comc.embedded import say  # noqa: E402
from organisations.models import Coordinator, Participation  # noqa: E402
from participants import links  # noqa: E402
from participants.models import Enrolment, Nomination  # noqa: E402

FOLDER = Path(settings.BASE_DIR, "screenshots")
WIDTHS = {"360": (360, 780), "768": (768, 1024), "1280": (1280, 900)}
SCHEMES = ["light", "dark"]
# What ends the crawl, is a file, or is the demonstration's own way to somebody else.
LEFT_OUT = re.compile(
    r"account_logout|admin:logout|demo:(sign_in|letter_html)|.*(_pdf|_file|_template|_feed|_progress|_options|jsi18n)"
    r"|.*(robots|sitemap|health)|portal:join_session|admin:view_on_site"
)
MOST = 300  # pages of one person


@dataclass
class Visit:
    """Somebody, and where their crawl begins. `found` maps the name of an address to the page of it that was seen."""

    role: str
    user: User | None
    begins: list[str]
    found: dict[str, str] = field(default_factory=dict)
    wide: list[str] = field(default_factory=list)


def visits() -> Iterator[Visit]:
    """A visitor, a nominee with the links of their mails, one of each role of the team, and people of the portal."""
    yield Visit("visitor", None, ["/", "/questions/?q=cost", "/no-such-page/", reverse("ui:gallery")])
    yield Visit("nominee", None, _links_of_mails())
    for assignment in StaffAssignment.objects.filter(cohort=None).select_related("user"):
        yield Visit(assignment.role, assignment.user, [reverse("admin:index"), *_pages_of_the_team()])
    coordinator = Coordinator.objects.filter(
        organisation__participations__nominations__state="invited", ended_at=None
    ).first()
    yield Visit("coordinator", coordinator.user, [reverse("portal:home")])
    for role, seat in {"mentor": Membership.LEAD_SEAT, "mentee": 1}.items():
        seats = Membership.objects.current().filter(seat=seat, circle__cohort__closed_at=None)
        member = seats.filter(circle__cohort__format__key="circles").order_by("circle__number").first()
        yield Visit(role, member.enrolment.user, [reverse("portal:home")])
    pair = Membership.objects.current().filter(circle__cohort__format__lead_role="partner").first()
    if pair:
        yield Visit("partner", pair.enrolment.user, [reverse("portal:home")])
    over = Enrolment.objects.filter(role="mentee", cohort__closed_at__isnull=False, certificate__isnull=False).first()
    if over:
        yield Visit("alumna", over.user, [reverse("portal:home"), reverse("portal:progress", args=[over.pk])])
    started = Enrolment.objects.filter(state="started").first()
    if started:
        yield Visit("enrolling", started.user, [reverse("portal:home"), *_steps(started)])


def _pages_of_the_team() -> list[str]:
    """Of a cohort that is closed, one that recruits and one that runs: links would lead to one of them alone."""
    cohorts = {cohort.number: cohort.pk for cohort in Cohort.objects.filter(format__key="circles")}
    named = [(13, "cohort_impact"), (13, "impact_report"), (15, "cohort_renewals"), (15, "formation_board")]
    named += [(14, name) for name in ("cohort_page", "cohort_changes", "cohort_session_plans", "announcements")]
    pages = [reverse(f"admin:{name}", args=[cohorts[number]]) for number, name in named]
    return [*pages, reverse("admin:impact_comparison"), reverse("admin:circles_concern_changelist")]


def _steps(enrolment: Enrolment) -> list[str]:
    from participants import steps

    return [reverse("portal:enrolment_step", args=[enrolment.pk, step.key]) for step in steps.STEPS[:3]]


def _links_of_mails() -> list[str]:
    nomination = Nomination.objects.filter(state="invited").first()
    session = Session.objects.filter(state="planned").order_by("-starts_at").first()
    member = session.circle.memberships.current().exclude(seat=Membership.LEAD_SEAT).first().enrolment
    link = circle_links.token(session, member)
    applies = Participation.objects.filter(cohort__format__joining="application").first()
    urls = [reverse("portal:apply", args=[links.application_token(applies)])] if applies else []
    return [
        reverse("portal:invitation", args=[links.invitation_token(nomination)]),
        reverse("portal:invitation_decline", args=[links.invitation_token(nomination)]),
        reverse("portal:reply_by_link", args=[link]),
        reverse("portal:check_in_by_link", args=[link]),
        reverse("portal:attendance_by_link", args=[link]),
        *urls,
    ]


# --- the crawl ------------------------------------------------------------------------------------


def name_of(path: str) -> str | None:
    """The name of the address with its namespace; None for what is left out."""
    try:
        match = resolve(path)
    except Resolver404:
        return "404"
    name = match.view_name or match.route
    step = match.kwargs.get("step") or match.kwargs.get("app_label") or ""
    return None if LEFT_OUT.fullmatch(name) else f"{name}{f' {step}' if step else ''}"


def crawl(page: Page, visit: Visit, seen_by_visitor: set[str], camera: "Camera") -> None:
    """One page for each address that links lead to, photographed as it is met."""
    waiting = list(visit.begins)
    while waiting and len(visit.found) < MOST:
        url = waiting.pop(0)
        name = name_of(urlsplit(url).path)
        if name is None or name in visit.found or name in seen_by_visitor:
            continue
        try:
            response = page.goto(url)
        except Error:  # a download
            continue
        if response is None or "html" not in response.headers.get("content-type", ""):
            continue
        visit.found[name] = url
        camera.take(page, visit, name)
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        waiting += [_path(href) for href in hrefs if urlsplit(href).netloc == urlsplit(page.url).netloc]


def _path(href: str) -> str:
    parts = urlsplit(href)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Camera:
    widths: list[str]
    schemes: list[str]
    only: re.Pattern[str] | None

    def take(self, page: Page, visit: Visit, name: str) -> None:
        if self.only and not self.only.search(name):
            return
        folder = FOLDER / visit.role
        folder.mkdir(parents=True, exist_ok=True)
        for width in self.widths:
            page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                visit.wide.append(f"{visit.role}: {name} at {width} px ({visit.found[name]})")
            for scheme in self.schemes:
                page.emulate_media(color_scheme=scheme)
                if page.locator("iframe").count():
                    page.wait_for_timeout(300)  # a mail in a frame of its own is drawn a moment later
                page.screenshot(path=folder / file_name(name, width, scheme), full_page=True, type="jpeg", quality=75)


def file_name(name: str, width: str, scheme: str) -> str:
    return f"{re.sub(r'[^a-z0-9_]+', '-', name.lower())}-{width}-{scheme}.jpg"


# --- the index ------------------------------------------------------------------------------------

HEAD = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Screenshots</title><style>
body { font: 16px/1.4 sans-serif; margin: 2rem } figure { margin: 0 }
section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
img { width: 180px; max-height: 260px; object-fit: cover; object-position: top; border: 1px solid #999 }
</style><h1>Every page, by who sees it</h1>"""


def write_index(seen: list[Visit]) -> None:
    parts = [HEAD, "<nav><ul>"]
    parts += [f'<li><a href="#{one.role}">{one.role}</a>: {len(one.found)} pages</li>' for one in seen]
    parts.append("</ul></nav>")
    for visit in seen:
        parts.append(f'<h2 id="{visit.role}">{visit.role}</h2>')
        for name, url in visit.found.items():
            files = sorted((FOLDER / visit.role).glob(file_name(name, "*", "*")))
            parts.append(f"<h3>{html.escape(name)} <small>{html.escape(url)}</small></h3><section>")
            parts += [_figure(f"{visit.role}/{file.name}") for file in files]
            parts.append("</section>")
    (FOLDER / "index.html").write_text("\n".join(parts), encoding="utf-8")


def _figure(path: str) -> str:
    said = path.rpartition("/")[2].removesuffix(".jpg").rsplit("-", 2)
    return (
        f'<figure><a href="{path}"><img loading="lazy" src="{path}" alt=""></a>'
        f"<figcaption>{said[1]} px, {said[2]}</figcaption></figure>"
    )


# --- all of it ------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads a line for each picture."""


def serve() -> str:
    """The product in a thread of this process; its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def look(browser: Browser, address: str, visit: Visit, seen_by_visitor: set[str], camera: Camera) -> None:
    context = browser.new_context(base_url=address, locale="en-GB", reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(20_000)
    page = context.new_page()
    if visit.user is not None:
        page.goto(reverse("demo:sign_in", args=[visit.user.pk]))
        page.locator("main form[method=post]").get_by_role("button").click()
        page.wait_for_load_state()
    crawl(page, visit, seen_by_visitor, camera)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--roles", default="", help="only these, separated by commas")
    parser.add_argument("--pages", default="", help="only pages whose name matches this regular expression")
    parser.add_argument("--widths", default=",".join(WIDTHS), help="usual: 360,768,1280")
    parser.add_argument("--schemes", default=",".join(SCHEMES), help="usual: light,dark")
    options = parser.parse_args()
    call_command("prepare_demonstration")
    camera = Camera(
        options.widths.split(","), options.schemes.split(","), re.compile(options.pages) if options.pages else None
    )
    roles, seen, public = set(filter(None, options.roles.split(","))), [], set()
    address = serve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=on_path(), args=arguments())
        for visit in visits():
            if roles and visit.role not in roles:
                continue
            look(browser, address, visit, public, camera)
            say(f"{visit.role}: {len(visit.found)} pages")
            seen.append(visit)
            public |= set(visit.found) if visit.role == "visitor" else set()
        browser.close()
    write_index(seen)
    wide = [line for visit in seen for line in visit.wide]
    say(f"{FOLDER / 'index.html'}: {sum(len(visit.found) for visit in seen)} pages")
    for line in wide:
        say(f"wider than its window: {line}")


if __name__ == "__main__":
    main()
