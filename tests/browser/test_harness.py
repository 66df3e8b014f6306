"""The guards themselves: each must turn red when there is something to find."""

import pytest

from tests.browser.pages import assert_accessible, assert_no_sideways_scroll, axe_violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("harness")]


def test_axe_finds_a_planted_fault_and_a_small_target(visit):
    page = visit().page
    page.set_content(
        "<html lang=en><title>t</title><main><h1>h</h1><img src=x>"
        "<button style='width:9px;height:9px;padding:0'>a</button>"
        "<button style='width:9px;height:9px;padding:0'>b</button></main></html>"
    )
    found = " ".join(axe_violations(page))
    assert "image-alt" in found
    assert "target-size" in found
    with pytest.raises(AssertionError):
        assert_accessible(page)


def test_a_wide_page_is_found(visit):
    page = visit().page
    page.set_viewport_size({"width": 360, "height": 600})
    page.set_content("<html lang=en><title>t</title><div style='width:900px'>wide</div></html>")
    with pytest.raises(AssertionError):
        assert_no_sideways_scroll(page)


def test_other_hosts_and_script_errors_are_noticed(visit):
    visitor = visit()
    visitor.page.set_content("<script>throw new Error('planted')</script>")
    visitor.page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match="planted"):
        visitor.no_faults()
