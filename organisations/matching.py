"""Which organisation somebody means: the same under another spelling, or one that looks like it."""

from difflib import SequenceMatcher

from organisations.models import Organisation, name_key

# Mailboxes that people of many employers share: such an address says nothing about the organisation.
SHARED_DOMAINS = frozenset({
    "aol.com", "aol.co.uk", "btinternet.com", "btopenworld.com", "email.com", "fastmail.com", "gmail.com", "gmx.com",
    "gmx.co.uk", "googlemail.com", "hotmail.com", "hotmail.co.uk", "hushmail.com", "icloud.com", "live.com",
    "live.co.uk", "mac.com", "mail.com", "me.com", "msn.com", "nhs.net", "ntlworld.com", "outlook.com",
    "outlook.co.uk", "pm.me", "proton.me", "protonmail.com", "sky.com", "talktalk.net", "tiscali.co.uk",
    "tutanota.com", "virginmedia.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "zoho.com",
})  # fmt: skip
# How alike two names must be, from 0 to 1, before staff are asked whether they are one.
ALIKE = 0.84


def own_domain(email: str) -> str:
    """The domain of an organisation's own address; blank for a mailbox that many share."""
    domain = email.strip().lower().rpartition("@")[2]
    return "" if domain in SHARED_DOMAINS else domain


def find(*, name: str, email: str) -> Organisation | None:
    """The organisation of this name, however it is spelt, else the one that this e-mail domain belongs to."""
    key, domain = name_key(name)[:200], own_domain(email)
    by_name = Organisation.objects.filter(name_key=key).order_by("created_at").first() if key else None
    if by_name is not None or not domain:
        return by_name
    return Organisation.objects.filter(domain=domain).order_by("created_at").first()


def _same_domain(one: Organisation, other: Organisation) -> bool:
    """One domain, or one below the other."""
    if not one.domain or not other.domain:
        return False
    return f".{one.domain}".endswith(f".{other.domain}") or f".{other.domain}".endswith(f".{one.domain}")


def _alike(one: Organisation, other: Organisation) -> bool:
    first, second = (organisation.name_key.replace(" ", "") for organisation in (one, other))
    return bool(first and second) and SequenceMatcher(None, first, second).ratio() >= ALIKE


def possible_duplicates(organisation: Organisation) -> list[Organisation]:
    """Organisations that may be the same one. A suggestion to staff: nothing is merged on its strength."""
    others = Organisation.objects.exclude(pk=organisation.pk)
    return [other for other in others if _same_domain(organisation, other) or _alike(organisation, other)]
