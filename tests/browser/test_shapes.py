"""What counts as the same page for axe, and what does not."""

from pathlib import Path

import pytest

from tests.browser.shapes import Seen, shape_of

ROW = '<main><h1 id="a1">Ada</h1><a href="/x/1/">Open</a><label for="n1">Name</label><input id="n1"></main>'


@pytest.mark.parametrize(
    "other", [ROW.replace("Ada", "Zainab"), ROW.replace("/x/1/", "/x/2/"), ROW.replace("n1", "n2").replace("a1", "b")]
)
def test_another_row_has_the_same_shape(other: str) -> None:
    assert shape_of(other) == shape_of(ROW)


@pytest.mark.parametrize(
    "other",
    [
        ROW.replace("Ada", ""),
        ROW.replace("Open", " "),
        ROW.replace('for="n1"', 'for="n2"'),
        ROW.replace('id="a1"', 'id="n1"'),
        ROW.replace("<h1 ", '<h1 class="faint" '),
        ROW.replace("h1", "h2"),
        ROW.replace('href="/x/1/"', 'href=""'),
    ],
)
def test_what_axe_may_judge_otherwise_has_another(other: str) -> None:
    assert shape_of(other) != shape_of(ROW)


def test_a_shape_is_looked_at_once_in_each_way(tmp_path: Path) -> None:
    assert Seen(tmp_path).first(ROW)
    assert not Seen(tmp_path).first(ROW.replace("Ada", "Zainab"))
    assert Seen(tmp_path).first(ROW, "dark")
