"""What staff are asked about the views and files of their lists."""

from typing import Any

from django import forms

from accounts.models import User
from participants.sheets import MAX_BYTES, FileProblemError
from staff.lists.sheet import MOST_ROWS, Column, Sheet, read
from staff.models import SavedView
from ui.forms import Form


class SavedViewForm(Form):
    """Who does not own a view may only say whether their list opens with it."""

    name = forms.CharField(
        label="Name", max_length=60, error_messages={"required": "Enter a name, as in “Not answered, mine”."}
    )
    shared = forms.BooleanField(
        label="Show it to the whole team", required=False, help_text="Everybody still sees only their own rows."
    )  # fmt: skip
    opens = forms.BooleanField(label="Open the list with it", required=False, help_text="For you alone.")

    def __init__(self, *args: Any, of_list: str, owner: User, owns: bool = True, view: SavedView | None = None) -> None:
        said = {"name": view.name, "shared": view.shared, "opens": view.opens} if view else None
        super().__init__(*args, initial=said)
        self.of_list, self.owner, self.view = of_list, owner, view
        if not owns:
            del self.fields["name"], self.fields["shared"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = SavedView.objects.filter(of_list=self.of_list, owner=self.owner, name__iexact=name)
        if others.exclude(pk=self.view.pk if self.view else None).exists():
            raise forms.ValidationError("You have a view of this name for this list already. Choose another name.")
        return name


class FileForm(Form):
    """Choose a file of rows."""

    file = forms.FileField(
        label="The file",
        help_text=f"A CSV or Excel (.xlsx) file of up to {MOST_ROWS:,} rows and 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Fill in the template and choose it again.",
        },
    )

    def read(self, columns: list[Column], **options: Any) -> Sheet | None:
        """The file's rows; None, with the reason beside the field, when it can't be read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            self.add_error("file", "The file is larger than 1 MB. Split it into smaller files.")
            return None
        try:
            return read(file.read(), columns, **options)
        except FileProblemError as problem:
            self.add_error("file", str(problem))
            return None
