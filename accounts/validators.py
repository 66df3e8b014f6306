"""Password rules beyond Django's own."""

from django.core.exceptions import ValidationError

CONTEXT_WORDS = ("mentor", "circle", "comc", "cohort")


class ContextWordValidator:
    """Refuses passwords built on the programme's own words, which are the first that somebody would guess."""

    def validate(self, password: str, user: object = None) -> None:
        if any(word in password.casefold() for word in CONTEXT_WORDS):
            raise ValidationError("Choose a password without words of the programme, such as “mentor” or “circle”.")

    def get_help_text(self) -> str:
        return "Your password can’t contain words of the programme, such as “mentor” or “circle”."
