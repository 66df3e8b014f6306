"""Whether circles are better or worse off for a change, in words: what weighs most in it, and no points."""

from collections.abc import Mapping

from circles.formation.cost import PARTS

# What more of each part of the cost means, and what less; it is said after “because”.
_MEANS = {
    "closed": ("a {group} is left without members", "a {group} without members gets one"),
    "organisation": ("more colleagues share a {group}", "fewer colleagues share a {group}"),
    "previous": ("more people who have met before share a {group}", "fewer people who have met before share a {group}"),
    "goals": ("fewer of their goals are covered", "more of their goals are covered"),
    "function": (
        "more people with the same kind of work share a {group}",
        "fewer people with the same kind of work share a {group}",
    ),
    "level": ("more people at the same level share a {group}", "fewer people at the same level share a {group}"),
    "size": ("sizes go further from what is aimed at", "sizes come nearer to what is aimed at"),
    "fit": ("the two are nearer to being one team", "the two are further from being one team"),
    "together": (
        "wishes about who sits together are met less well",
        "wishes about who sits together are met better",
    ),
}
# Who had no seat had no goals covered before, and it is one circle that grows.
_MEANS_OF_SEAT = _MEANS | {
    "goals": ("not all their goals are covered", "their goals are covered"),
    "size": ("its size goes further from what is aimed at", "its size comes nearer to what is aimed at"),
}
_SAME = 1e-9


def is_even(change: Mapping[str, float]) -> bool:
    """Whether it comes to nothing worth saying: less than half a point, as the board says it too."""
    return abs(sum(change.values())) < 0.5


def is_worse(change: Mapping[str, float]) -> bool:
    return not is_even(change) and sum(change.values()) > 0


def of_move(change: Mapping[str, float], group: str) -> str:
    """What a move from one circle to another does to the two of them, by the parts of their cost that it changes."""
    return _said(f"the two {group}s are", change, group, _MEANS)


def of_seat(change: Mapping[str, float], group: str) -> str:
    """The same of one circle that somebody without a seat joins."""
    return _said(f"the {group} is", change, group, _MEANS_OF_SEAT)


def _said(who: str, change: Mapping[str, float], group: str, means: Mapping[str, tuple[str, str]]) -> str:
    """“Taken as a whole, the two circles are worse off for it, most of all because more colleagues share a circle.”"""
    if is_even(change):
        return f"Taken as a whole, {who} as well off as before."
    worse = is_worse(change)
    same_way = {name: abs(value) for name, value in change.items() if abs(value) > _SAME and (value > 0) == worse}
    most = [name for name in PARTS if same_way.get(name, 0) > max(same_way.values()) - _SAME]
    why = " and ".join(means[name][0 if worse else 1].format(group=group) for name in most)
    how = "because" if len(most) == len(same_way) else "most of all because"
    return f"Taken as a whole, {who} {'worse' if worse else 'better'} off for it, {how} {why}."
