"""Problems from JSON. What is wrong is refused with the field and the id at fault, before anything runs."""

import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from circles.formation import rules
from circles.formation.problem import Mentee, Mentor, OwnOrganisation, Person, Problem, Weights

P = TypeVar("P", bound=Person)

PERSON_KEYS = {"id", "organisation", "level", "function", "slots", "places", "languages"}
MENTOR_KEYS = PERSON_KEYS | {"capacity", "expertise"}
MENTEE_KEYS = PERSON_KEYS | {"goals"}


class ProblemError(ValueError):
    """Bad input. The message names the field and the id at fault."""


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
        pinned=_placements(top, "pinned", members, leads),
        current=_placements(top, "current", None, None),
        fit=dict(_priced(top, "fit", members, leads)),
        together={frozenset(pair): cost for pair, cost in _priced(top, "together", members, members)},
        own_organisation=_choice(top, "own_organisation"),
        mutual=_boolean(top, "mutual"),
        minimum=_whole(top.get("minimum"), "minimum", 8, least=1),
        target=_whole(top.get("target"), "target", 9, least=1),
        weights=_weights(top.get("weights")),
    )
    check_pins(problem)
    return problem


def check_pins(problem: Problem) -> None:
    """Refuse pins that break a rule by themselves. Raises ProblemError naming the people."""
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    for mentor in problem.mentors:
        pinned = [mentees[i] for i, m in problem.pinned.items() if m == mentor.id]
        if pinned and (found := rules.broken(problem, mentor, pinned)):
            names = ", ".join(f"“{mentee.id}”" for mentee in pinned)
            raise ProblemError(f"pinned: {names} cannot be with “{mentor.id}”: {'; '.join(found)}.")
    if problem.mutual:
        _check_mutual_pins(problem)


def _check_mutual_pins(problem: Problem) -> None:
    both = {mentor.id for mentor in problem.mentors} & {mentee.id for mentee in problem.mentees}
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    partners: dict[str, str] = {}
    for a, b in problem.pinned.items():
        if not {a, b} <= both:
            raise ProblemError(f"pinned: “{a}” with “{b}”: in mutual pairs both must be mentor and mentee.")
        if partners.setdefault(a, b) != b or partners.setdefault(b, a) != a:
            raise ProblemError(f"pinned: “{a}” with “{b}”: one of them is pinned to somebody else.")
        back = rules.broken(problem, mentors[a], [mentees[b]])
        there = rules.meeting([mentors[a], mentees[b], mentors[b], mentees[a]])
        if back or there is None:
            raise ProblemError(f"pinned: “{a}” with “{b}”: {'; '.join(back) or 'they share no meeting both ways'}.")


def _object(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProblemError(f"{where}: must be an object, not {_kind(value)}.")
    if unknown := sorted(set(value) - known):
        raise ProblemError(f"{where}: unknown key “{unknown[0]}”.")
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
    if not isinstance(value, str) or not value.strip():
        raise ProblemError(f"{where}: must be text, not {_kind(value) if value != '' else 'empty'}.")
    return value


def _number(value: Any, where: str, least: float = -math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(f"{where}: must be a number, not {_kind(value)}.")
    if not math.isfinite(value) or abs(value) > 1e9 or value < least:
        raise ProblemError(f"{where}: {value} is out of range.")
    return value


def _whole(value: Any, where: str, default: int, *, least: int) -> int:
    if value is None:
        return default
    number = _number(value, where, least)
    if number != int(number):
        raise ProblemError(f"{where}: must be a whole number, not {number}.")
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
            raise ProblemError(f"{key}: the id “{person.id}” is there twice.")
        people[person.id] = person
    return tuple(people.values())


def _person(item: Any, where: str, known: set[str]) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The checked object, the fields that all people have, and where to say something is wrong from now on."""
    data = _object(item, where, known)
    ident = _text(data.get("id"), f"{where}, id")
    where = f"{where.partition(',')[0]} “{ident}”"
    level = data.get("level")
    function = data.get("function")
    shared = {
        "id": ident,
        "organisation": _text(data.get("organisation"), f"{where}, organisation"),
        "level": None if level in (None, []) else _number(level, f"{where}, level"),
        "function": None if function in (None, []) else _text(function, f"{where}, function"),
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


def _known(value: Any, where: str, ids: Iterable[str] | None) -> str:
    ident = _text(value, where)
    if ids is not None and ident not in ids:
        raise ProblemError(f"{where}: nobody there has the id “{ident}”.")
    return ident


def _row(value: Any, where: str, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise ProblemError(f"{where}: each entry must be a list of {length}, not {_short(value)}.")
    return value


def _short(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 60 else f"{words[:57]}…"


def _two(first: Any, second: Any, where: str, ids: set[str], others: set[str]) -> tuple[str, str]:
    a, b = _known(first, where, ids), _known(second, where, others)
    if a == b:
        raise ProblemError(f"{where}: “{a}” is paired with themselves.")
    return a, b


def _pairs(top: dict[str, Any], key: str, ids: set[str]) -> frozenset[frozenset[str]]:
    rows = (_row(item, key, 2) for item in _list(top.get(key), key))
    return frozenset(frozenset(_two(a, b, key, ids, ids)) for a, b in rows)


def _priced(top: dict[str, Any], key: str, ids: set[str], others: set[str]) -> Iterable[tuple[tuple[str, str], float]]:
    for a, b, cost in (_row(item, key, 3) for item in _list(top.get(key), key)):
        pair = _two(a, b, key, ids, others)
        yield pair, _number(cost, f"{key}, “{pair[0]}” and “{pair[1]}”")


def _placements(top: dict[str, Any], key: str, ids: set[str] | None, others: set[str] | None) -> dict[str, str]:
    value = top.get(key) or {}
    if not isinstance(value, dict):
        raise ProblemError(f"{key}: must be an object, not {_kind(value)}.")
    return {_known(a, key, ids): _known(b, f"{key}, “{a}”", others) for a, b in value.items()}


def _choice(top: dict[str, Any], key: str) -> OwnOrganisation:
    value = top.get(key)
    if value is None:
        return OwnOrganisation.FORBIDDEN
    if value not in list(OwnOrganisation):
        raise ProblemError(f"{key}: must be one of {', '.join(OwnOrganisation)}, not {_short(value)}.")
    return OwnOrganisation(value)


def _boolean(top: dict[str, Any], key: str) -> bool:
    value = top.get(key)
    if value is not None and not isinstance(value, bool):
        raise ProblemError(f"{key}: must be true or false, not {_kind(value)}.")
    return bool(value)


def _weights(value: Any) -> Weights:
    known = {field.name for field in fields(Weights)}
    given = _object(value if value is not None else {}, "weights", known)
    checked = {name: _number(item, f"weights, {name}", 0) for name, item in given.items() if item is not None}
    return Weights(**checked)
