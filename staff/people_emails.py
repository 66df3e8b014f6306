"""What somebody is told whose two accounts were made one."""

from django.conf import settings
from django.urls import reverse

from outbox import hours, kinds
from outbox.models import Message
from outbox.rendering import Url
from staff.one_person import MERGED

GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Ada"),
    "contact_url": ("How to reach the programme team", "/contact/"),
}


def context(message: Message) -> kinds.Context:
    return {
        "first_name": message.about.first_name,
        "contact_url": Url(settings.BASE_URL + reverse("portal:contact")),
    }


kinds.register(
    kinds.MessageKind(
        key=MERGED,
        title="Your two accounts are one",
        audience="Somebody whose two accounts were merged, at both addresses",
        context=context,
        variables=kinds.variables(*GLOSSARY, of=GLOSSARY),
        required=("contact_url",),
        hours=hours.at_once,
    )
)
