"""What somebody had chosen on a page when it turned out that they were signed out: kept until they are back.

It waits in the session of that browser, unreadable, and comes back on the same page to the same person alone.
"""

import json

from django.core import signing
from django.http import HttpRequest

from accounts.models import User
from privacy.fields import decrypt, encrypt

KEY, SALT = "typed", "portal.typed"
# No page asks more, and no answer is longer.
MOST, LONGEST = 60, 2000


def whose(user: User) -> str:
    """What a page carries, so that what comes from it is known to be this person's."""
    return signing.dumps(user.pk.hex, salt=SALT)


def keep(request: HttpRequest) -> None:
    """Keep the answers that came from a page whose person is not signed in any more; nothing from anybody else."""
    if request.method != "POST":
        return
    try:
        person = signing.loads(request.POST.get("whose", ""), salt=SALT)
    except signing.BadSignature:
        return
    asked = [name for name in request.POST if name.startswith(("item-", "own-"))][:MOST]
    answers = {name: [value[:LONGEST] for value in request.POST.getlist(name)[:MOST]] for name in asked}
    request.session[KEY] = encrypt(json.dumps({"person": person, "path": request.path, "answers": answers}))


def take(request: HttpRequest) -> dict[str, list[str]]:
    """What waits for this person on this page. What waits for somebody else is thrown away."""
    if KEY not in request.session:
        return {}
    found = json.loads(decrypt(request.session[KEY]))
    if found["person"] != request.user.pk.hex:
        del request.session[KEY]
        return {}
    if request.method == "POST" and found["path"] == request.path:
        del request.session[KEY]
    return found["answers"] if found["path"] == request.path else {}


def again(request: HttpRequest) -> list[tuple[str, str]]:
    """What came from a survey's page that could not be kept, to be sent again from the page that says so.

    Nothing of a form that is not ours: each of these pages carries a signature that no other site can make.
    """
    try:
        if request.method != "POST" or not _signed_by_us(request):
            return []
    except OSError:  # the connection broke while it was sent: there is nothing to give back
        return []
    names = [name for name in request.POST if name.startswith(("item-", "own-")) or name in {"whose", "later"}]
    return [(name, value[:LONGEST]) for name in names[:MOST] for value in request.POST.getlist(name)[:MOST]]


def _signed_by_us(request: HttpRequest) -> bool:
    try:
        signing.loads(request.POST.get("whose", ""), salt=SALT)
    except signing.BadSignature:
        return False
    return True


def is_theirs(request: HttpRequest) -> bool:
    """Whether the page was made for the person who is signed in."""
    if not request.user.is_authenticated or not _signed_by_us(request):
        return False
    return bool(signing.loads(request.POST["whose"], salt=SALT) == request.user.pk.hex)
