"""Deciding about what people wrote."""

from uuid import UUID

from django import forms

from surveys.selectors.comments import Written
from ui.forms import Form

SHOW, LEAVE, LATER = "show", "leave", ""
ACTS = [(SHOW, "Show it in these words"), (LEAVE, "Leave it out"), (LATER, "Decide later")]


class CommentsForm(Form):
    """Each answer to one question: its words to be rid of names, and whether the team reads it."""

    mark_optional = False

    def __init__(self, written: Written, data: object = None) -> None:
        self.keys = list(written.words)
        super().__init__(data, prefix=written.question.pk.hex[:8])
        for number, key in enumerate(self.keys, start=1):
            decided = written.decided.get(key)
            self.fields[f"text-{key.hex}"] = forms.CharField(
                label=f"Answer {number}", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
                initial=decided.text if decided and decided.shown else written.words[key],
            )  # fmt: skip
            self.fields[f"act-{key.hex}"] = forms.ChoiceField(
                label=f"What happens to answer {number}", choices=ACTS, required=False, widget=forms.RadioSelect,
                initial=LATER if decided is None else SHOW if decided.shown else LEAVE,
            )  # fmt: skip

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or self.cleaned_data
        for key in self.keys:
            if cleaned.get(f"act-{key.hex}") == SHOW and not cleaned.get(f"text-{key.hex}"):
                self.add_error(f"text-{key.hex}", "Write the words that are shown, or leave the answer out.")
        return cleaned

    @property
    def decisions(self) -> dict[UUID, tuple[bool, str]]:
        found = {key: (self.cleaned_data[f"act-{key.hex}"], self.cleaned_data[f"text-{key.hex}"]) for key in self.keys}
        return {key: (act == SHOW, text) for key, (act, text) in found.items() if act != LATER}
