"""What stands above a page of a survey, and below it."""

from surveys.models import Survey, SurveyPart

OWN_QUESTIONS = "A few more questions"
DESCRIBES_YOU = "How well does each statement describe you?"
HEADINGS = {
    Survey.Wave.CHECK_IN: "Two questions about your session",
    Survey.Wave.THEN: "Looking back: how well did each statement describe you before your sessions began?",
}


def heading_of(survey: Survey) -> str:
    return HEADINGS.get(Survey.Wave(survey.wave), DESCRIBES_YOU)


def citation_of(part: SurveyPart) -> str:
    """Where a published scale is from; blank for the programme's own statements."""
    instrument = part.instrument
    return f"Statements: {instrument.name}. {instrument.citation}" if instrument.validated else ""
