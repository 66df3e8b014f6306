"""Why a verb was not carried out."""


class RefusedError(Exception):
    """The act is not possible now. Its text is written for the person who tried."""


class IncompleteError(RefusedError):
    """Enrolment can't be completed yet; `steps` are the questions still open."""

    def __init__(self, steps: list[str]) -> None:
        super().__init__("Some questions still need an answer.")
        self.steps = steps
