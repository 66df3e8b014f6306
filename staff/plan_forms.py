"""What the programme team says beforehand about how a cohort will be judged."""

from typing import Any

from django import forms

from ui.forms import Form

FIRST = "Primary outcome"


class PlanForm(Form):
    """One choice for each place: the primary outcome, then the secondary ones in the order of their weight."""

    mark_optional = False

    def __init__(self, *args: Any, outcomes: list[tuple[str, str]], **kwargs: Any) -> None:
        """`outcomes` are (key, name) in the order that holds now."""
        super().__init__(*args, **kwargs)
        self.places = [f"place_{number}" for number in range(1, len(outcomes) + 1)]
        for number, (place, (key, _)) in enumerate(zip(self.places, outcomes, strict=True)):
            label = FIRST if number == 0 else f"Secondary outcome {number}"
            self.fields[place] = forms.ChoiceField(label=label, choices=outcomes, initial=key)

    @property
    def order(self) -> list[str]:
        return [self.cleaned_data[place] for place in self.places]

    def clean(self) -> dict[str, Any]:
        """Each outcome once: says so beside the second place that it stands in."""
        seen: dict[str, str] = {}
        for place in self.places:
            chosen = self.cleaned_data.get(place, "")
            if chosen in seen:
                first = self.fields[seen[chosen]].label
                self.add_error(place, f"This one is chosen already, as “{first}”. Choose another.")
            seen.setdefault(chosen, place)
        return self.cleaned_data
