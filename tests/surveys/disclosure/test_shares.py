"""One question's answers: no small number, none that can be worked out, and nobody's by all being alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.disclosure import OUTSIDE, TEAM, Suppressed, release_choices, release_mean, release_shares

SCALE = (1.0, 5.0)


def numbers(figures) -> list[int | None]:  # type: ignore[no-untyped-def]
    return [None if one is None else one.n for one in figures.options]


@pytest.mark.parametrize("audience", [TEAM, OUTSIDE])
def test_a_mean_is_shown_from_k_on_and_not_where_all_are_alike_or_at_an_end(audience) -> None:  # type: ignore[no-untyped-def]
    k = audience.k
    values = [2.0, 3.0] * k
    assert release_mean(values[: k - 1], scale=SCALE, audience=audience) == Suppressed()
    assert release_mean(values[:k], scale=SCALE, audience=audience) != Suppressed()
    assert release_mean([4.0] * 30, scale=SCALE, audience=audience) == Suppressed()
    assert release_mean([5.0] * 30, scale=SCALE, audience=audience) == Suppressed()
    # One in three hundred who is a little lower is still “all of them at the top” as it is printed.
    assert release_mean([5.0] * 299 + [4.0], scale=SCALE, audience=audience) == Suppressed()


def test_a_small_answer_hides_another_so_that_it_cannot_be_worked_out() -> None:
    assert numbers(release_shares([20, 12, 3], TEAM)) == [20, None, None]
    assert numbers(release_shares([20, 12, 3, 3], TEAM)) == [20, 12, None, None]
    assert numbers(release_shares([20, 12, 2, 2], TEAM)) == [20, None, None, None]
    # What nobody chose tells of everybody what they did not say.
    assert numbers(release_shares([20, 12, 0], TEAM)) == [20, None, None]
    # A hidden nobody cannot be told from a hidden few.
    assert numbers(release_shares([20, 12, 8, 0, 4], TEAM)) == [20, 12, None, None, None]


@pytest.mark.parametrize("counts", [[4], [12, 0, 0], [2, 2], [0, 0], [6, 3], [0, 6, 3]])
def test_few_people_and_all_the_same_look_alike(counts: list[int]) -> None:
    assert release_shares(counts, TEAM) == Suppressed()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=7), st.sampled_from([TEAM, OUTSIDE]))
def test_whoever_knows_the_total_knows_no_hidden_answer(counts: list[int], audience) -> None:  # type: ignore[no-untyped-def]
    found, k = release_shares(counts, audience), audience.k
    if isinstance(found, Suppressed):
        return
    hidden = [count for count, one in zip(counts, found.options, strict=True) if one is None]
    assert not any(count < k for count, one in zip(counts, found.options, strict=True) if one)
    if hidden:
        # Any of them may be nobody at all, and any may be all that is left over, which is k at least.
        assert len(hidden) >= 2
        assert sum(hidden) >= k


def test_of_boxes_to_tick_neither_few_nor_all_but_few_are_told() -> None:
    assert numbers(release_choices([10, 3, 18, 0, 20], 20, TEAM)) == [10, None, None, None, None]
    assert release_choices([3, 18], 20, TEAM) == Suppressed()
    assert release_choices([2], 4, TEAM) == Suppressed()
