"""Component tags and text filters. The library is a template builtin: pages use it without loading it."""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Sequence

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from ui import addresses, admin_words, components, dates, fields, forms, text

register = template.Library()
register.tag("url", addresses.compile_url)
_SUBSCRIPT = re.compile(r"\b([a-z])_([a-z]+)\b")
_CELL = re.compile(r"<(t[dh])\b")
_NAV_LINK = '<li><a href="{}"{}>{}</a></li>'
# Our own constants, with nothing of anybody's in them.
_HERE = {"page": mark_safe(' aria-current="page"'), "true": mark_safe(' aria-current="true"')}
_ICON = '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>\n'


@functools.lru_cache(maxsize=64)
def _drawn(template: str, css_class: str = "") -> SafeString:
    """A drawing that is the same on every page: rendered once in each process."""
    return render_to_string(template, {"css_class": css_class})


# --- page furniture -----------------------------------------------------------------------------


@register.inclusion_tag("ui/page_header.html")
def page_header(title: str, lead: str = "", eyebrow: str = "") -> dict:
    """The page's one h1, with a line above (`eyebrow`) and an opening sentence below (`lead`)."""
    return {"title": title, "lead": lead, "eyebrow": eyebrow}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(items: Sequence[tuple[str, str]]) -> dict:
    """The way back up: (label, url) from the top down, without the page itself."""
    return {"items": items}


@register.inclusion_tag("ui/back_link.html")
def back_link(url: str, text: str = "Back") -> dict:
    """One step back, at the top of a question."""
    return {"url": url, "text": text}


@register.simple_tag
def nav_list(items: Iterable[dict], css_class: str = "") -> SafeString:
    """Links to the parts of the service. `current` is “page” of the page itself, “true” of the part that it is in."""
    links = format_html_join(
        "\n", _NAV_LINK, ((one["url"], _HERE.get(one["current"], ""), one["label"]) for one in items)
    )
    return format_html('<ul class="nav-list{}">\n{}\n</ul>', f" {css_class}" if css_class else "", links)


@register.simple_tag
def mark(css_class: str = "") -> SafeString:
    """The service's mark, decorative: put its name in text beside it."""
    return _drawn("ui/mark.html", css_class)


@register.simple_tag
@functools.lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """Decorative: check, cross, clock, calendar, people, mail, arrow, info, warning, download, lock, pin, grip."""
    return format_html(_ICON, _drawn(f"ui/icons/{name}.html"))


# --- telling ------------------------------------------------------------------------------------


@register.simple_tag
def badge(text: str, tone: str = "neutral") -> SafeString:
    """A status in a word or two; the words carry the meaning, the tone only supports it."""
    return format_html('<span class="badge badge-{}">{}</span>\n', components.checked_tone(tone), text)


@register.inclusion_tag("ui/callout.html")
def callout(text: str, title: str = "", tone: str = "info") -> dict:
    """A short notice inside a page."""
    return {"text": text, "title": title, "tone": components.checked_tone(tone)}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(title: str, text: str, action_url: str = "", action_text: str = "") -> dict:
    """What to do when there is nothing here yet."""
    return {"title": title, "text": text, "action_url": action_url, "action_text": action_text}


@register.inclusion_tag("ui/next_step.html")
def next_step(title: str, text: str, url: str, action: str, due: str = "") -> dict:
    """The one thing to do next, as the most prominent card of a page; `due` says until when."""
    return {"title": title, "text": text, "url": url, "action": action, "due": due}


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Iterable[components.TimelineItem], today: str = "") -> dict:
    """Points in time, in order. `today` is written at the item whose state is “now”."""
    return {"items": items, "today": today}


@register.inclusion_tag("ui/progress.html")
def progress(value: int, maximum: int, label: str) -> dict:
    """How much of a whole is reached, as words and a bar."""
    return {"value": value, "maximum": maximum, "label": label}


@register.inclusion_tag("ui/stat.html")
def stat(value: str | int, label: str, hint: str = "", url: str = "") -> dict:
    """One figure; a list of them goes inside an element with the class `stats`."""
    return {"value": value, "label": label, "hint": hint, "url": url}


@register.inclusion_tag("ui/definition.html")
def definition(rows: Iterable[tuple]) -> dict:
    """Terms and values: rows of (term, value) or (term, value, url of the page that changes it)."""
    return {"rows": [(*row, "")[:3] for row in rows]}


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[str], current: int) -> dict:
    """Where one is in a sequence of named steps; `current` counts from 1."""
    states = ["done" if number < current else "current" if number == current else "ahead" for number in _numbers(items)]
    return {"steps": list(zip(items, states, strict=True))}


def _numbers(items: Sequence[str]) -> range:
    return range(1, len(items) + 1)


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Initials in a circle, hidden from screen readers: write the name in text beside it."""
    drawn = '<span class="avatar avatar-{}" aria-hidden="true">{}</span>\n'
    return format_html(drawn, components.tone_of(name), components.initials(name))


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, parameter: str = "page") -> dict:
    """Links to the other pages of a list; every other query parameter is kept."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    prefix = f"{query.urlencode()}&" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "ellipsis": page.paginator.ELLIPSIS,
        "link": f"?{prefix}{parameter}=",
    }


@register.inclusion_tag("ui/confirm_panel.html", takes_context=True)
def confirm_panel(
    context: Context,
    title: str,
    text: str,
    action_url: str,
    confirm_text: str,
    cancel_url: str,
    tone: str = "problem",
) -> dict:
    """A question before an act that is hard to take back; confirming posts to `action_url`."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "confirm_text": confirm_text,
        "cancel_url": cancel_url,
        "tone": components.checked_tone(tone),
        "csrf_token": context.get("csrf_token", ""),
    }


# --- forms --------------------------------------------------------------------------------------


@register.inclusion_tag("ui/form.html")
def render_form(form: BaseForm, legend: str = "", only: str = "") -> dict:
    """The fields of a form, without the form element and its buttons.

    `legend` groups them under one heading; `only` names the fields to show, separated by spaces.
    """
    visible = [form[name] for name in only.split()] if only else form.visible_fields()
    hidden = [] if only else form.hidden_fields()
    carries = "" if only else getattr(form, "carries", "")
    shown = {"visible": visible, "hidden": hidden, "carries": carries}
    return shown | {"legend": legend, "form_errors": form.non_field_errors()}


@register.simple_tag(takes_context=True)
def render_field(context: Context, field: BoundField, label: str = "", hint: str = "") -> SafeString:
    """One field: label, hint, error, control; `label` and `hint` reword another package's field."""
    field.label = label or field.label
    field.help_text = hint or field.help_text
    view = fields.describe(field)
    if view.kind == "choices":
        return fields.question(view)
    return context.template.engine.get_template("ui/field.html").render(context.new({"field": view}))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """All errors of one form at the top of the page, each a link to its field."""
    return _summary_of([form])


@register.simple_tag(takes_context=True)
def page_errors(context: Context) -> SafeString:
    """The error summary of the page's `form`, `forms` and `formset`; nothing when all is well."""
    return _summary_of(forms.forms_on_page(context))


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """“Error: ” in front of the page's title when a form came back with errors."""
    return "Error: " if forms.has_errors(context) else ""


def _summary_of(page_forms: Iterable[BaseForm]) -> SafeString:
    errors = _summary(page_forms)
    return render_to_string("ui/error_summary.html", {"errors": errors}) if errors else SafeString()


def _summary(page_forms: Iterable[BaseForm]) -> list[tuple[str, str]]:
    return [entry for form in page_forms for entry in _form_entries(form)]


def _form_entries(form: BaseForm) -> list[tuple[str, str]]:
    """(id to go to, message) per error; what concerns the whole form leads to its first field."""
    if not form.errors:
        return []
    visible = form.visible_fields()
    first = fields.focus_id(visible[0]) if visible else "main"
    whole = [(first, message) for message in form.non_field_errors()]
    return whole + [(fields.focus_id(bound), message) for bound in visible for message in fields.errors_of(bound)]


# --- text ---------------------------------------------------------------------------------------


@register.filter
def markdown(value: str) -> SafeString:
    """Markdown as safe HTML, its headings starting at h2."""
    return text.render_markdown(value or "")


@register.filter
def web_address(url: str) -> str:
    """A typed address as a link’s; blank where it is no address of the web, but a script for example."""
    return text.web_address(url)


@register.filter
def data_block(value: dict) -> SafeString:
    """Data of schema.org in the page's head, for search engines."""
    return text.data_block(value)


@register.filter
def qr_code(svg: str) -> SafeString:
    """The SVG of a QR code, inline: the content security policy allows no `data:` image."""
    return text.inline_qr_code(svg)


@register.simple_tag
def labelled_cells(cells: Iterable[SafeString], headers: Sequence[dict]) -> SafeString:
    """The cells of one row of an admin list, as Django made them, each with the words of its column; yes and no too.

    The box that chooses a row has none: its own label says what it is.
    """
    found = []
    for cell, header in zip(cells, headers, strict=False):
        label = "" if "action-checkbox" in cell[:40] else conditional_escape(column_words(header["text"]))
        found.append(_CELL.sub(rf'<\1 data-label="{label}"', admin_words.in_words(cell), count=1))
    return mark_safe("".join(found))  # noqa: S308 - Django's own markup; the label is escaped


@register.filter
def column_words(text: object) -> str:
    """The heading of a column of an admin list, for a reader: “Person” for “user”. The box that chooses all stays."""
    return text if isinstance(text, SafeString) else capfirst(admin_words.label(str(text)))


@register.filter
def subscripts(title: str) -> SafeString:
    """“g_z” as one prints it, with its z below the line."""
    return mark_safe(_SUBSCRIPT.sub(r"\1<sub>\2</sub>", escape(title)))  # noqa: S308 - escaped just here


@register.filter
def in_fours(key: str) -> str:
    """A key to be typed, in groups that the eye can hold."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


@register.filter
def in_words(value: object) -> object:
    """A value of whatever sort as one reads it: yes and no, dates in British order."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.datetime):
        return uk_datetime(value)
    if isinstance(value, dt.date):
        return uk_date(value)
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value


@register.filter
def uk_date(value: dt.date | dt.datetime | None) -> str:
    return dates.uk_date(value) if value else ""


@register.filter
def uk_datetime(value: dt.datetime | None) -> str:
    return dates.uk_datetime(value) if value else ""


@register.filter
def uk_time(value: dt.time | dt.datetime | None) -> str:
    return "" if value is None else dates.uk_time(value)


@register.filter
def date_range(start: dt.date | None, end: dt.date | None) -> str:
    return dates.date_range(start, end) if start else ""


@register.filter
def thousands(value: int | str) -> str:
    """“1,769”; what is not a whole number stays as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)
