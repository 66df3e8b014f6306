"""Problems from JSON. What is wrong is refused with the field and the id at fault, before anything runs."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from itertools import combinations
from typing import Any, NoReturn, TypeVar

from circles.formation import rules
from circles.formation.problem import Mentee, Mentor, OwnOrganisation, Person, Problem, Weights

P = TypeVar("P", bound=Person)

# No price, level or size of ours comes near it, and sums stay exact below it.
LARGEST = 1e9
# So many people of a circle are named where all of them together are at fault.
NAMED = 10
# Up to so many people of a circle, two who don't go together are looked for.
MOST_PAIRED = 100
# So many signs of an id or a value are repeated in a message.
LONGEST = 60

PERSON_KEYS = {"id", "organisation", "level", "function", "slots", "places", "languages"}
MENTOR_KEYS = PERSON_KEYS | {"capacity", "expertise"}
MENTEE_KEYS = PERSON_KEYS | {"goals"}


class ProblemError(ValueError):
    """Bad input. The message is one line and names the field and the id at fault."""

    def __init__(self, message: str) -> None:
        super().__init__(_printable(message))


def parse(raw: bytes) -> Any:
    """The JSON value of a file's bytes: UTF-8, with or without a byte order mark. Raises ProblemError for what is not
    JSON by the book, and for a key that is twice in one object, because one of the two would be lost without a word."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(f"it is not UTF-8 text (byte {error.start}).") from error
    if not text.strip():
        raise ProblemError("it is empty.")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except ProblemError:
        raise
    except ValueError as error:
        raise ProblemError(f"it is not JSON: {error}.") from error
    except RecursionError as error:
        raise ProblemError("it is nested too deeply.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        key = next(key for key, amount in Counter(key for key, _ in pairs).items() if amount > 1)
        raise ProblemError(f"{_quoted(key)}: this key is there twice in one object.")
    return value


def _no_number(name: str) -> NoReturn:
    raise ProblemError(f"it is not JSON: {name} is not a number.")


def read_problem(data: Any) -> Problem:
    """The problem that the JSON value describes. Raises ProblemError."""
    top = _object(data, "the problem", {field.name for field in fields(Problem)})
    mentors = _people(top, "mentors", _mentor)
    mentees = _people(top, "mentees", _mentee)
    leads, members = {person.id for person in mentors}, {person.id for person in mentees}
    everyone = leads | members
    problem = Problem(
        mentors=mentors,
        mentees=mentees,
        apart=_pairs(top, "apart", everyone),
        met=_pairs(top, "met", everyone),
        pinned=_pinned(top, members, leads),
        current=_current(top),
        fit=_fit(top, members, leads),
        together=_together(top, members),
        own_organisation=_choice(top, "own_organisation"),
        mutual=_boolean(top, "mutual"),
        # An open circle holds somebody, so a minimum of nobody is a minimum of one.
        minimum=max(1, _whole(top.get("minimum"), "minimum", 8, least=0)),
        target=_whole(top.get("target"), "target", 9, least=0),
        weights=_weights(top.get("weights")),
    )
    check_pins(problem)
    return problem


def check_pins(problem: Problem) -> None:
    """Refuse pins that break a rule by themselves. Raises ProblemError naming the people."""
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    held: dict[str, list[Mentee]] = {}
    for mentee, mentor in problem.pinned.items():
        held.setdefault(mentor, []).append(mentees[mentee])
    for leader in problem.mentors:
        _check_held(problem, leader, held.get(leader.id, []))
    if problem.mutual:
        _check_mutual_pins(problem)


def _check_held(problem: Problem, mentor: Mentor, held: Sequence[Mentee]) -> None:
    """The fewest people who show what is wrong are named: one alone, two who don't go together, or all of them."""
    if not held or not rules.broken(problem, mentor, held):
        return
    groups: list[Sequence[Mentee]] = [[mentee] for mentee in held]
    if len(held) <= min(mentor.capacity, MOST_PAIRED):
        groups += [list(pair) for pair in combinations(held, 2)]
    group = next((group for group in groups if rules.broken(problem, mentor, group)), held)
    names = ", ".join(_quoted(mentee.id) for mentee in group[:NAMED])
    more = f" and {len(group) - NAMED} more" if len(group) > NAMED else ""
    found = "; ".join(rules.broken(problem, mentor, group))
    raise ProblemError(f"pinned: {names}{more} cannot be with {_quoted(mentor.id)}: {found}.")


def _check_mutual_pins(problem: Problem) -> None:
    both = {mentor.id for mentor in problem.mentors} & {mentee.id for mentee in problem.mentees}
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    partners: dict[str, str] = {}
    for a, b in problem.pinned.items():
        where = f"pinned: {_quoted(a)} with {_quoted(b)}"
        if not {a, b} <= both:
            raise ProblemError(f"{where}: in mutual pairs both must be mentor and mentee.")
        if partners.setdefault(a, b) != b or partners.setdefault(b, a) != a:
            raise ProblemError(f"{where}: one of them is pinned to somebody else.")
        back = rules.broken(problem, mentors[a], [mentees[b]])
        there = rules.meeting([mentors[a], mentees[b], mentors[b], mentees[a]])
        if back or there is None:
            raise ProblemError(f"{where}: {'; '.join(back) or 'they share no meeting both ways'}.")
        if b not in problem.pinned and problem.least(mentors[a]) > 1:
            raise ProblemError(f"{where}: a pair has one mentee each way, and the minimum is {problem.minimum}.")


def _printable(words: str) -> str:
    """One line that any terminal takes, whatever a hostile id holds."""
    kept = (sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words)
    return "".join(kept)


def _short(value: Any) -> str:
    """A value in a message, cut where it is long; a list or an object is only named."""
    words = _kind(value) if isinstance(value, list | dict) else str(value) if isinstance(value, str) else repr(value)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _quoted(value: Any) -> str:
    return f"“{_short(value)}”"


def _given(value: Any) -> bool:
    """Missing, null and an empty list all mean: not given."""
    return value is not None and value != []


def _object(value: Any, where: str, known: Collection[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProblemError(f"{where}: must be an object, not {_kind(value)}.")
    if known is not None and (unknown := sorted(str(key) for key in value if key not in known)):
        raise ProblemError(f"{where}: unknown key {_quoted(unknown[0])}.")
    return value


def _kind(value: Any) -> str:
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ProblemError(f"{where}: must be a list, not {_kind(value)}.")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise ProblemError(f"{where}: must be text, not {_kind(value)}.")
    if not value.strip():
        raise ProblemError(f"{where}: must not be blank.")
    # Half a character can be written as \ud800 in JSON, but in no file.
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ProblemError(f"{where}: {_quoted(value)} holds half a character.")
    return value


def _number(value: Any, where: str, least: float = -LARGEST) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(f"{where}: must be a number, not {_kind(value)}.")
    if not least <= value <= LARGEST:
        raise ProblemError(f"{where}: {_number_words(value)} is out of range.")
    return value


def _number_words(value: float) -> str:
    """A number in a message; Python refuses to write out one of thousands of digits."""
    return _short(value) if isinstance(value, float) or abs(value) < 10**LONGEST else "a number of so many digits"


def _whole(value: Any, where: str, default: int, *, least: int) -> int:
    if not _given(value):
        return default
    number = _number(value, where, least)
    if number != int(number):
        raise ProblemError(f"{where}: must be a whole number, not {_short(number)}.")
    return int(number)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(item, where) for item in _list(value, where)))


def _people(top: dict[str, Any], key: str, make: Callable[[Any, str], P]) -> tuple[P, ...]:
    if top.get(key) is None:
        raise ProblemError(f"{key}: is required.")
    people: dict[str, P] = {}
    for number, item in enumerate(_list(top[key], key), start=1):
        person = make(item, f"{key}, number {number}")
        if person.id in people:
            raise ProblemError(f"{key}: the id {_quoted(person.id)} is there twice.")
        people[person.id] = person
    return tuple(people.values())


def _person(item: Any, where: str, known: set[str]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The checked object, the fields that all people have, and where to say something is wrong from now on."""
    data = _object(item, where, known)
    ident = _text(data.get("id"), f"{where}, id")
    where = f"{where.partition(',')[0]} {_quoted(ident)}"
    level = data.get("level")
    function = data.get("function")
    shared = {
        "id": ident,
        "organisation": _text(data.get("organisation"), f"{where}, organisation"),
        "level": _number(level, f"{where}, level") if _given(level) else None,
        "function": _text(function, f"{where}, function") if _given(function) else None,
        **{name: _texts(data.get(name), f"{where}, {name}") for name in ("slots", "places", "languages")},
    }
    return data, shared, where


def _mentor(item: Any, where: str) -> Mentor:
    data, shared, where = _person(item, where, MENTOR_KEYS)
    capacity = _whole(data.get("capacity"), f"{where}, capacity", 10, least=1)
    return Mentor(**shared, capacity=capacity, expertise=_texts(data.get("expertise"), f"{where}, expertise"))


def _mentee(item: Any, where: str) -> Mentee:
    data, shared, where = _person(item, where, MENTEE_KEYS)
    return Mentee(**shared, goals=_texts(data.get("goals"), f"{where}, goals"))


def _known(value: Any, where: str, ids: Collection[str]) -> str:
    if isinstance(value, str) and value in ids:
        return value
    ident = _text(value, where)
    if ident not in ids:
        raise ProblemError(f"{where}: nobody there has the id {_quoted(ident)}.")
    return ident


def _row(value: Any, where: str, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise ProblemError(f"{where}: each entry must be a list of {length}, not {_short(value)}.")
    return value


def _two(first: Any, second: Any, where: str, ids: set[str]) -> tuple[str, str]:
    a, b = _known(first, where, ids), _known(second, where, ids)
    if a == b:
        raise ProblemError(f"{where}: {_quoted(a)} is paired with themselves.")
    return a, b


def _pairs(top: dict[str, Any], key: str, ids: set[str]) -> frozenset[frozenset[str]]:
    rows = (_row(item, key, 2) for item in _list(top.get(key), key))
    return frozenset(frozenset(_two(a, b, key, ids)) for a, b in rows)


def _fit(top: dict[str, Any], mentees: set[str], mentors: set[str]) -> dict[tuple[str, str], float]:
    """The price of each mentee with each mentor; the last one counts. Whoever is in both lists may be priced with
    themselves, as a full table does: it never comes to that."""
    found = {}
    for a, b, cost in (_row(item, "fit", 3) for item in _list(top.get("fit"), "fit")):
        mentee, mentor = _known(a, "fit", mentees), _known(b, "fit", mentors)
        found[mentee, mentor] = _price(cost, "fit", mentee, mentor)
    return found


def _together(top: dict[str, Any], mentees: set[str]) -> dict[frozenset[str], float]:
    """The price of two mentees in one circle; the last one counts, in whichever order they are named."""
    found = {}
    for a, b, cost in (_row(item, "together", 3) for item in _list(top.get("together"), "together")):
        pair = _two(a, b, "together", mentees)
        found[frozenset(pair)] = _price(cost, "together", *pair)
    return found


def _price(value: Any, key: str, a: str, b: str) -> float:
    # The words are made only where they are needed: large problems have a million prices.
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return value
    return _number(value, f"{key}, {_quoted(a)} and {_quoted(b)}")


def _pinned(top: dict[str, Any], mentees: set[str], mentors: set[str]) -> dict[str, str]:
    value = _object(top["pinned"], "pinned") if _given(top.get("pinned")) else {}
    return {
        _known(mentee, "pinned", mentees): _known(mentor, f"pinned, {_quoted(mentee)}", mentors)
        for mentee, mentor in value.items()
    }


def _current(top: dict[str, Any]) -> dict[str, str]:
    """Who was where, people who have left included; null means: nowhere."""
    value = _object(top["current"], "current") if _given(top.get("current")) else {}
    return {
        _text(mentee, "current"): _text(mentor, f"current, {_quoted(mentee)}")
        for mentee, mentor in value.items()
        if _given(mentor)
    }


def _choice(top: dict[str, Any], key: str) -> OwnOrganisation:
    value = top.get(key)
    if not _given(value):
        return OwnOrganisation.FORBIDDEN
    if not isinstance(value, str) or value not in list(OwnOrganisation):
        raise ProblemError(f"{key}: must be one of {', '.join(OwnOrganisation)}, not {_short(value)}.")
    return OwnOrganisation(value)


def _boolean(top: dict[str, Any], key: str) -> bool:
    value = top.get(key)
    if _given(value) and not isinstance(value, bool):
        raise ProblemError(f"{key}: must be true or false, not {_kind(value)}.")
    return bool(value)


def _weights(value: Any) -> Weights:
    known = {field.name for field in fields(Weights)}
    given = _object(value, "weights", known) if _given(value) else {}
    checked = {name: _number(item, f"weights, {name}", 0) for name, item in given.items() if _given(item)}
    return Weights(**checked)
