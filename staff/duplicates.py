"""People who may have two accounts: one name at one organisation, or one address but for its spelling."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Q

from accounts.models import User

SAME_NAME, SAME_ADDRESS = "The same name at the same organisation", "The same address but for its spelling"


@dataclass(frozen=True)
class Pair:
    """Two accounts, the older one first, and why they look like one person."""

    first: User
    second: User
    because: tuple[str, ...]


def spelling(address: str) -> str:
    """What two spellings of one mailbox have in common: no dots, nothing after a plus, and small letters."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def pairs() -> list[Pair]:
    """Every likely pair, in order of their names; three queries, however many people there are."""
    people = {user.pk: user for user in _accounts()}
    found: dict[frozenset[Any], list[str]] = defaultdict(list)
    for because, groups in ((SAME_NAME, _by_name(people)), (SAME_ADDRESS, _by_address(people))):
        for group in groups:
            for one, other in combinations(sorted(group), 2):
                found[frozenset((one, other))].append(because)
    made = [_pair(people, keys, because) for keys, because in found.items()]
    return sorted(made, key=lambda pair: (pair.first.sort_name, pair.first.created_at))


def like(person: User) -> list[Pair]:
    """The pairs that somebody is one of."""
    return [pair for pair in pairs() if person in (pair.first, pair.second)]


def _accounts() -> Any:
    return User.objects.filter(merged_into=None).only(
        "pk", "email", "sort_name", "first_name", "last_name", "created_at"
    )


def _by_name(people: dict[Any, User]) -> Iterator[set[Any]]:
    groups = defaultdict(set)
    enrolled = User.objects.filter(enrolments__isnull=False).values_list("pk", "enrolments__organisation")
    acting = User.objects.filter(coordinations__isnull=False).values_list("pk", "coordinations__organisation")
    for user, organisation in [*enrolled, *acting]:
        if user in people:
            groups[people[user].sort_name, organisation].add(user)
    return (group for (name, _), group in groups.items() if name.strip())


def _by_address(people: dict[Any, User]) -> Iterator[set[Any]]:
    groups = defaultdict(set)
    for user in people.values():
        groups[spelling(user.email)].add(user.pk)
    return iter(groups.values())


def _pair(people: dict[Any, User], keys: frozenset[Any], because: list[str]) -> Pair:
    first, second = sorted((people[key] for key in keys), key=lambda user: (user.created_at, user.pk))
    return Pair(first, second, tuple(dict.fromkeys(because)))


def search(words: str, but: User) -> list[User]:
    """Up to twenty accounts by name or address, to merge with."""
    rows = User.objects.filter(merged_into=None).exclude(pk=but.pk)
    for word in words.lower().split():
        rows = rows.filter(Q(sort_name__contains=word) | Q(email__icontains=word))
    return list(rows.order_by("sort_name")[:20])
