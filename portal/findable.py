"""How search engines find the public pages: which there are, what is kept out, and the key dates as data."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from cohorts.models import Cohort, KeyDate
from content.models import Faq
from portal.showcase import CohortCard
from ui.text import plain_text

Data = dict[str, Any]

# Every page that a search engine may show. What is not named here is kept out, whatever is added later.
PAGES = [
    "public_home", "cohorts", "questions", "interest", "interest_registration", "interest_question", "individuals",
    "individuals_words", "contact", "accessibility", "privacy", "complaint", "cookies",
]  # fmt: skip
SCHEMA = "https://schema.org"
# Ceremonies and sessions are where the circles are: online, in person or both.
ONLINE = {"applications", "confirmation", "recruitment", "onboarding"}
# A VirtualLocation is where one attends, and the addresses of our meetings are nobody's but their people's.
COUNTRY = {
    "@type": "Place",
    "name": "United Kingdom",
    "address": {"@type": "PostalAddress", "addressCountry": "GB"},
}


class PublicPages(Sitemap):
    """The public pages at the service's own address, whatever Host header the request came with."""

    def items(self) -> list[str]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(f"portal:{item}")

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


def robots() -> str:
    """What crawlers are told: the public pages and nothing else; on a copy that is not to be found, nothing at all."""
    lines = ["User-agent: *"]
    if settings.FINDABLE:
        lines += [f"Allow: {reverse(f'portal:{name}')}$" for name in PAGES] + [f"Allow: {settings.STATIC_URL}"]
    lines.append("Disallow: /")
    if settings.FINDABLE:
        lines += ["", f"Sitemap: {settings.BASE_URL}{reverse('portal:sitemap')}"]
    return "\n".join(lines) + "\n"


# --- schema.org -----------------------------------------------------------------------------------


def events(cards: Iterable[CohortCard]) -> Data:
    """The open cohorts, each an event with its key dates as events of their own."""
    return {"@context": SCHEMA, "@graph": [_cohort(card.cohort) for card in cards]}


def _cohort(cohort: Cohort) -> Data:
    first, last = cohort.key_dates[0], cohort.key_dates[-1]
    whole = KeyDate("cohort", cohort.name, first.starts, last.ends)
    parts = [_event(date, f"{cohort.name}: {date.label}") for date in cohort.key_dates]
    return _event(whole, f"{cohort.name} – {cohort.format.name}") | {"subEvent": parts}


def _event(date: KeyDate, name: str) -> Data:
    home = settings.BASE_URL + reverse("portal:public_home")
    is_online = date.key in ONLINE
    return {
        "@type": "Event",
        "name": name,
        "startDate": date.starts.isoformat(),
        "endDate": date.ends.isoformat(),
        "eventStatus": f"{SCHEMA}/EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}/{'Online' if is_online else 'Mixed'}EventAttendanceMode",
        **({} if is_online else {"location": COUNTRY}),
        "url": home,
        "organizer": {"@type": "Organization", "name": settings.SERVICE_NAME, "url": home},
    }


def questions_page(faqs: Iterable[Faq]) -> Data:
    """The questions with their answers, as words without their marks."""
    entries = [
        {
            "@type": "Question",
            "name": faq.question,
            "acceptedAnswer": {"@type": "Answer", "text": plain_text(faq.answer)},
        }
        for faq in faqs
    ]
    return {"@context": SCHEMA, "@type": "FAQPage", "mainEntity": entries}
