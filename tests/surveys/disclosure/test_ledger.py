"""What may be told beside what was told before, against somebody who has read all of it."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.disclosure import OUTSIDE, TEAM, Asked, Ledger, Suppressed, release
from surveys.disclosure.groups import differs_enough, opens_nobody
from tests.surveys.disclosure.attacker import solvable


def people(*numbers: int) -> frozenset[str]:
    return frozenset(f"p{n:03}" for n in numbers)


ALL, A, B = people(*range(12)), people(*range(6)), people(*range(5, 12))


def ask(group: frozenset[str], ledger: Ledger, **more: object) -> object:
    return release(Asked("mean", group, **more), lambda: len(group), audience=TEAM, ledger=ledger)


def test_three_groups_that_are_each_large_enough_open_one_person() -> None:
    assert solvable([ALL, A, B]) == people(5)
    assert all(differs_enough(B, [earlier], 5) for earlier in (ALL, A))
    assert opens_nobody(A, [ALL], 5)
    assert not opens_nobody(B, [ALL, A], 5)
    ledger = Ledger()
    assert [ask(group, ledger) for group in (ALL, A, B)] == [12, 6, Suppressed()]


def test_four_groups_that_open_four_people_together_and_none_alone() -> None:
    one, other, rest, more = people(*range(6)), people(*range(6, 12)), people(*range(20, 25)), people(*range(30, 35))
    groups = [one | people(50, 51) | rest, other | people(52, 53) | more, one | other, rest | more]
    assert solvable(groups) == set()
    assert all(differs_enough(group, groups, 5) for group in groups)
    # The first two without the other two are the four.
    assert opens_nobody(groups[2], groups[:2], 5)
    assert not opens_nobody(groups[3], groups[:3], 5)


def test_the_same_group_may_be_told_again_and_another_measure_is_another_matter() -> None:
    ledger = Ledger()
    assert [ask(ALL, ledger), ask(ALL, ledger)] == [12, 12]
    assert ask(people(*range(11)), ledger) == Suppressed()
    assert release(Asked("other", people(*range(11))), lambda: 1, audience=TEAM, ledger=ledger) == 1
    assert len(ledger.new) == 2


def test_what_was_told_before_is_remembered_in_another_ledger() -> None:
    first = Ledger()
    ask(ALL, first)
    assert ask(people(*range(11)), Ledger(first.new)) == Suppressed()


def test_after_an_erasure_a_figure_stands_until_enough_people_have_changed() -> None:
    ledger = Ledger()
    ask(ALL, ledger)
    assert ask(people(*range(1, 12)), ledger) == Suppressed()
    assert ask(people(*range(4, 12)), ledger) == Suppressed()
    assert ask(people(*range(5, 12)), ledger) == 7


def test_who_reads_it_is_not_counted_and_leaves_nobody_over() -> None:
    five = people(*range(5))
    assert ask(five, Ledger(), readers=people(4)) == Suppressed()
    assert ask(five, Ledger(), readers=people(9)) == 5
    assert ask(people(*range(9)), Ledger(), parents=(ALL,)) == Suppressed()
    assert ask(people(*range(4)), Ledger()) == Suppressed()


def test_what_is_suppressed_for_its_answers_leaves_no_line() -> None:
    ledger = Ledger()
    assert release(Asked("m", ALL), Suppressed, audience=OUTSIDE, ledger=ledger) == Suppressed()
    assert ledger.new == []


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sets(st.integers(0, 17), min_size=5), st.booleans()), min_size=2, max_size=12))
def test_nobody_is_ever_solved_for_in_any_order_nor_after_erasures(asked: list[tuple[set[int], bool]]) -> None:
    """Groups are asked for one after the other; now and then somebody is erased and is in no later group."""
    ledger, told, erased = Ledger(), [], set()
    for numbers, erases in asked:
        group = people(*(numbers - erased))
        if not isinstance(ask(group, ledger), Suppressed):
            told.append(group)
        if erases:
            erased.add(min(numbers))
    assert not told or solvable(told) == set()
    assert all(not 0 < len(one - other) < 5 for one in told for other in told)


def test_two_hundred_groups_of_three_hundred_people_are_weighed_in_no_time() -> None:
    random = np.random.default_rng(3)
    groups = [people(*random.choice(300, 60, replace=False)) for _ in range(200)]
    started = time.perf_counter()
    assert opens_nobody(groups[0], groups[1:], 5) is True
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("k", [5, 8])
def test_no_group_is_told_of_below_the_threshold(k: int) -> None:
    audience = TEAM.with_threshold(k)
    one = Asked("m", people(*range(k - 1)))
    assert release(one, lambda: 1, audience=audience, ledger=Ledger()) == Suppressed()
