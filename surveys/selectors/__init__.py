"""Questions that other apps and the views ask of surveys."""

from surveys.selectors.due import DueSurvey, due_surveys
from surveys.selectors.reach import LiveImpact, live_impact
from surveys.selectors.windows import Window, opened_at, session_span, window

__all__ = ["DueSurvey", "LiveImpact", "Window", "due_surveys", "live_impact", "opened_at", "session_span", "window"]
