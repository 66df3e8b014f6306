"""What is written when somebody's e-mail address changes: a code to the new one, and word of it to the old."""

from circles import links
from circles.selectors.address_change import code_of, waiting
from outbox import hours, kinds
from outbox.models import Message

GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Ada"),
    "code": ("The code to be given back, which works once and for a day", "482913"),
    "address_url": ("The page on which the person enters the code", "/you/address/"),
    "contact_url": ("How to reach the programme team", "/contact/"),
}


def code_context(message: Message) -> kinds.Context:
    change = message.about
    return {
        "first_name": change.user.first_name,
        "code": code_of(change),
        "address_url": links.page("portal:address"),
        "contact_url": links.page("portal:contact"),
    }


def code_due(message: Message) -> str:
    change = waiting(message.about.user)
    return "" if change and change.pk == message.about.pk else "Its code counts no more."


def changed_context(message: Message) -> kinds.Context:
    return {"first_name": message.about.first_name, "contact_url": links.page("portal:contact")}


kinds.register(
    kinds.MessageKind(
        key="account.address_code",
        title="Code for another e-mail address",
        audience="Whoever has the address that somebody is to have from now on",
        context=code_context,
        still_due=code_due,
        variables=kinds.variables("first_name", "code", "address_url", "contact_url", of=GLOSSARY),
        required=("code",),
        hours=hours.at_once,
    )
)
kinds.register(
    kinds.MessageKind(
        key="account.address_changed",
        title="Your address has changed",
        audience="The address that somebody had before",
        context=changed_context,
        variables=kinds.variables("first_name", "contact_url", of=GLOSSARY),
        required=("contact_url",),
        hours=hours.at_once,
    )
)
