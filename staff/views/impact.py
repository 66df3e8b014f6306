"""What a cohort's surveys say, as released; before the close only how many people took each step."""

import uuid

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from staff import pages
from surveys.charts import interval, number, signed
from surveys.selectors import cohort_impact


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/impact/", impact, "cohort_impact")]


@require_safe
def impact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "surveys.view_impact", cohort)
    found = cohort_impact(cohort)
    return pages.render(
        request,
        "staff/impact/page.html",
        "Impact",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        released=found.released,
        figures=found.figures,
        outcomes=[_shown(outcome) for outcome in found.figures["outcomes"]],
        may_close=request.user.has_perm("surveys.close_cohort", cohort),
    )


def _shown(outcome: dict) -> dict:
    """One outcome as it is printed: texts and a chart, or the one sentence that says that nothing is shown."""
    figures = outcome["figures"]
    plain = {"name": outcome["name"], "instrument": outcome["instrument"], "validated": outcome["validated"]}
    if figures is None:
        return {**plain, "text": outcome["text"], "chart": None, "rows": [], "weak": False}
    change = f"{signed(figures['mean_diff'], 2)} (95% interval {_range(figures['ci_low'], figures['ci_high'])})"
    title = f"{outcome['name']}: mean change {change}"
    chart = interval(title, figures["mean_diff"], figures["ci_low"], figures["ci_high"])
    return {**plain, "text": "", "chart": chart, "rows": _rows(outcome, change), "weak": _is_weak(figures)}


def _range(low: float, high: float) -> str:
    return f"{signed(low, 2)} to {signed(high, 2)}"


def _rows(outcome: dict, change: str) -> list[tuple[str, str]]:
    figures, (low, high) = outcome["figures"], outcome["scale"]
    return [
        ("People who answered both times", str(figures["n_pairs"])),
        ("Scale", f"{low:g} to {high:g}"),
        ("Mean before (SD)", f"{number(figures['mean_pre'], 2)} ({number(figures['sd_pre'], 2)})"),
        ("Mean after (SD)", f"{number(figures['mean_post'], 2)} ({number(figures['sd_post'], 2)})"),
        ("Mean change", change),
        ("Effect size g_z (95% interval)", _effect(figures)),
        ("Effect size d_av", _or_too_few(figures["d_av"])),
        ("p, two-sided; in brackets adjusted for all outcomes (Holm)", _p(figures)),
        ("Mean change if nobody without a second answer had changed", _sensitivity(figures)),
        ("Cronbach’s α before", _alpha(figures["alpha_pre"])),
        ("Cronbach’s α after", _alpha(figures["alpha_post"])),
    ]


def _or_too_few(value: float | None) -> str:
    return "not worked out below 10 pairs" if value is None else signed(value, 2)


def _effect(figures: dict) -> str:
    if figures["g_z"] is None or figures["g_z_low"] is None:
        return _or_too_few(figures["g_z"])
    return f"{signed(figures['g_z'], 2)} ({_range(figures['g_z_low'], figures['g_z_high'])})"


def _p(figures: dict) -> str:
    if figures["p"] is None:
        return _or_too_few(None)
    plain, adjusted = (f"{p:.3f}" if p >= 0.001 else "< 0.001" for p in (figures["p"], figures["p_holm"]))
    return f"{plain} ({adjusted})"


def _sensitivity(figures: dict) -> str:
    if figures["no_change_diff"] is None:
        return "not shown"
    return f"{signed(figures['no_change_diff'], 2)} ({figures['n_pre']} people with a first answer)"


def _alpha(figure: dict | None) -> str:
    if figure is None:
        return "not estimable"
    values = (number(figure[key], 2) for key in ("alpha", "low", "high"))
    return "{} (95% interval {} to {}), n = {}".format(*values, figure["n"])


def _is_weak(figures: dict) -> bool:
    """Whether the statements hang together too loosely to lean on the score."""
    return any(figure and figure["alpha"] < 0.7 for figure in (figures["alpha_pre"], figures["alpha_post"]))
