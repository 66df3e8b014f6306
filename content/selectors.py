"""What the pages read."""

from django.db.models import QuerySet

from content.models import Faq, PageText, Resource
from content.reference import page_texts


def texts(*keys: str) -> dict[str, PageText]:
    """The texts by their keys, in one query; one that nobody has loaded yet comes in its first words."""
    found = {text.key: text for text in PageText.objects.filter(key__in=keys)}
    return {key: found.get(key) or _first_words(key) for key in keys}


def _first_words(key: str) -> PageText:
    title, body = page_texts()[key]
    return PageText(key=key, title=title, body=body)


def faqs() -> QuerySet[Faq]:
    return Faq.objects.filter(published=True)


def guides_for(format_key: str, role: str) -> QuerySet[Resource]:
    """The training and reading for one role of one format, with what is for everybody."""
    return Resource.objects.filter(published=True, format_key__in=["", format_key], role__in=["", role])
