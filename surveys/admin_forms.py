"""Forms of the admin: what is said to people, what they are asked, and in which order."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
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


class LinesField(forms.CharField):
    """A list of words, written one a line."""

    widget = AdminTextareaWidget(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class InstrumentForm(forms.ModelForm):
    """Each score has its words. Permission is not lost while somebody is to be asked: the scale leaves the survey
    first."""

    anchors = LinesField(label="Words of the answers", help_text="One a line, for the lowest score first.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        low, high, words = (cleaned.get(name) for name in ("scale_min", "scale_max", "anchors"))
        if None not in (low, high, words) and len(words) != high - low + 1:
            self.add_error("anchors", f"From {low} to {high} there are {high - low + 1} scores: write as many lines.")
        return cleaned

    def clean_permission(self) -> str:
        permission = self.cleaned_data["permission"]
        asked = SurveyPart.objects.filter(instrument=self.instance).select_related("survey__cohort").first()
        if permission == Instrument.Permission.NEEDED and asked:
            raise ValidationError(f"It stands in “{asked.survey}”: take it out of there first.")
        return str(permission)
