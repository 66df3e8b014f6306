"""Problems for the engine that nobody thought of, as Hypothesis draws them: small, of any shape, and all sound."""

from typing import Any

from hypothesis import strategies as st

from circles.formation.reading import read_problem

Data = dict[str, Any]

choices = st.lists(st.sampled_from("abc"), max_size=2) | st.none()
person = st.fixed_dictionaries(
    {"organisation": st.sampled_from(["Acme", "Bolt", "Crux"])},
    optional={
        "level": st.integers(1, 3) | st.none(),
        "function": st.sampled_from(["legal", "finance"]) | st.none(),
        "slots": choices,
        "places": st.sampled_from([None, [], ["a"], ["a", "b"], ["b"]]),
        "languages": st.sampled_from([None, ["a"], ["b", "a"]]),
    },
)
topics = st.lists(st.sampled_from("xyz"), max_size=3) | st.none()
prices = st.integers(-300, 50) | st.sampled_from([0, 0.5, -2500])
weight = st.sampled_from([0, 1, 0.25, 30, 2000])
priced = ["waiting", "closed", "organisation", "previous", "goals", "function", "level", "size", "moved"]
weights = st.dictionaries(st.sampled_from(priced), weight, max_size=3)


def people(most: int) -> st.SearchStrategy[list[Data]]:
    """As often many as few, which a plain list of Hypothesis is not."""
    return st.integers(0, most).flatmap(lambda size: st.lists(person, min_size=size, max_size=size))


def rows(ids: list[str], others: list[str], *more: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A few rows that each name two different people, with what else belongs in a row."""
    row = st.tuples(st.sampled_from(ids), st.sampled_from(others), *more)
    return st.lists(row.filter(lambda found: found[0] != found[1]).map(list), max_size=4)


@st.composite
def problems(draw: st.DrawFn, mentors: int = 4, mentees: int = 9) -> Data:
    """Circles: people in both lists, wishes, weights of nothing and parts of one, pins where they break no rule."""
    leads = [
        one | {"id": f"m{n}", "capacity": draw(st.integers(1, 4)), "expertise": draw(topics)}
        for n, one in enumerate(draw(people(mentors)))
    ]
    led = [one | {"id": f"e{n}", "goals": draw(topics)} for n, one in enumerate(draw(people(mentees)))]
    if leads and led and draw(st.booleans()):
        led[0]["id"] = leads[0]["id"]
    data: Data = {
        "mentors": leads,
        "mentees": led,
        "minimum": draw(st.integers(1, 4)),
        "target": draw(st.integers(0, 4)),
        "own_organisation": draw(st.sampled_from(["forbidden", "allowed", "required"])),
        "weights": draw(weights),
    }
    return with_wishes(draw, data)


@st.composite
def mutual_problems(draw: st.DrawFn, most: int = 8) -> Data:
    """Reciprocal pairs; somebody may stand in one list only, or give other times as mentor than as mentee."""
    everybody = [one | {"id": f"p{n}"} for n, one in enumerate(draw(people(most)))]
    leads = [one | {"expertise": draw(topics)} for one in everybody]
    led = [one | {"goals": draw(topics)} for one in everybody]
    if led and draw(st.booleans()):
        led[-1] |= {"id": "only-led", "slots": draw(choices)}
    if led and draw(st.booleans()):
        led[0]["slots"] = draw(choices)
    data: Data = {
        "mentors": leads,
        "mentees": led,
        "mutual": True,
        "minimum": draw(st.integers(1, 2)),
        "target": draw(st.integers(1, 2)),
        "own_organisation": draw(st.sampled_from(["allowed", "forbidden", "required"])),
        "weights": draw(weights),
    }
    return with_wishes(draw, data)


def with_wishes(draw: st.DrawFn, data: Data) -> Data:
    """Prices, people apart, who met, where they were, and pins that break no rule."""
    leads, led = ([one["id"] for one in data[key]] for key in ("mentors", "mentees"))
    everybody = sorted({*leads, *led})
    if len(led) > 1:
        data["together"] = draw(rows(led, led, prices))
    if leads and led:
        data["apart"] = draw(rows(everybody, everybody)) if len(everybody) > 1 else []
        data["met"] = draw(rows(everybody, everybody)) if len(everybody) > 1 else []
        seats = st.lists(st.tuples(st.sampled_from(led), st.sampled_from(leads)), max_size=4)
        data["fit"] = [[mentee, mentor, draw(prices)] for mentee, mentor in draw(seats)]
        there, before = st.sampled_from([*led, "gone"]), st.sampled_from([*leads, "left"])
        data["current"] = draw(st.dictionaries(there, before, max_size=3))
        data["pinned"] = {}
        for mentee, mentor in draw(st.dictionaries(st.sampled_from(led), st.sampled_from(leads), max_size=3)).items():
            pin(data, mentee, mentor)
    return data


def pin(data: Data, mentee: str, mentor: str) -> None:
    before = dict(data["pinned"])
    data["pinned"][mentee] = mentor
    try:
        read_problem(data)
    except ValueError:
        data["pinned"] = before
