import pytest

from ui.text import inline_qr_code, render_markdown

QR = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<svg width="29mm" height="29mm" viewBox="0 0 29 29" xmlns="http://www.w3.org/2000/svg">'
    '<path d="M4,4H5V5H4z" id="qr-path" fill="#000000" /></svg>'
)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "Hello <img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>press</a>",
        "<style>body{display:none}</style>",
    ],
)
def test_raw_html_is_shown_as_text(attack):
    html = render_markdown(attack)
    assert "&lt;" in html
    assert not any(tag in html for tag in ("<script", "<img", "<a ", "<style"))


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "file:///etc"],
)
def test_a_link_to_an_unsafe_place_is_no_link(target):
    assert "<a" not in render_markdown(f"[press]({target})")
    assert "<a" not in render_markdown(f"<{target}>")


@pytest.mark.parametrize("target", ["https://example.org/", "mailto:a@b.example", "/privacy/", "#top", "tel:+44123"])
def test_a_link_to_a_safe_place_is_one(target):
    assert f'<a href="{target}">press</a>' in render_markdown(f"[press]({target})")


def test_quotes_cannot_leave_the_attribute():
    html = render_markdown('[press](https://example.org/"onclick="alert(1))')
    assert 'onclick="' not in html


def test_images_are_not_loaded():
    assert "<img" not in render_markdown("![tracker](https://example.org/pixel.gif)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\n## Two", ["<h2>One</h2>", "<h3>Two</h3>"]),
        ("## One\n\n### Two", ["<h2>One</h2>", "<h3>Two</h3>"]),
        ("### One\n\n#### Two", ["<h2>One</h2>", "<h3>Two</h3>"]),
        ("# One\n\n###### Six", ["<h2>One</h2>", "<h6>Six</h6>"]),
    ],
)
def test_headings_start_under_the_title_of_the_page(text, expected):
    html = render_markdown(text)
    assert "<h1" not in html
    assert all(heading in html for heading in expected)


def test_the_qr_code_is_inline_without_prolog_or_style():
    html = inline_qr_code(QR)
    assert html.startswith('<svg class="qr-code"')
    assert '<path d="M4,4H5V5H4z" />' in html
    assert 'role="img"' in html
    assert "style" not in html
    assert "xml" not in html


def test_what_is_no_qr_code_is_refused():
    with pytest.raises(ValueError, match="QR"):
        inline_qr_code("<svg><script>alert(1)</script></svg>")
