"""How the team gets in touch with somebody: said wherever they asked for it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from participants.models import Enrolment


def reach(enrolment: Enrolment) -> SafeString:
    """Their name, which leads to their page, and the address at which they read."""
    person = enrolment.user
    words = '<a href="{}">{}</a>, <a href="mailto:{}">{}</a>'
    return format_html(words, enrolment.get_absolute_url(), person, person.email, person.email)
