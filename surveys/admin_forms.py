"""Forms of the admin: what is said to people, what they are asked, and in which order."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from surveys.models import Instrument, SurveyPart

AWAY = 1000  # beyond every place of a page


class InConfidence(forms.ModelForm):
    """Refuses the one promise that is not kept: answers are linked by a key, so that people see their own progress."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, said in list(cleaned.items()):
            if isinstance(said, str) and "anonym" in said.lower():
                self.add_error(name, "Answers are confidential, not anonymous: say it in that word.")
        return cleaned


class PlacedForm(InConfidence):
    """A row with a place among others. That places differ is seen to over all of them, not against how they were."""

    def validate_constraints(self) -> None:
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions() | {"position"})
        except ValidationError as refused:
            self._update_errors(refused)


class PlacedFormSet(forms.BaseInlineFormSet):
    """Rows may change places in one go: those that move are out of the way of each other first."""

    def save(self, commit: bool = True) -> Any:
        moved = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        self.model._default_manager.filter(pk__in=moved).update(position=F("position") + AWAY)
        return super().save(commit)


class InstrumentForm(forms.ModelForm):
    """Permission is not lost while somebody is to be asked: the scale leaves the survey first."""

    def clean_permission(self) -> str:
        permission = self.cleaned_data["permission"]
        asked = SurveyPart.objects.filter(instrument=self.instance).select_related("survey__cohort").first()
        if permission == Instrument.Permission.NEEDED and asked:
            raise ValidationError(f"It stands in “{asked.survey}”: take it out of there first.")
        return str(permission)
