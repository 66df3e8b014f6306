"""Which lists can be taken in from a file, and what each of their columns means.

A blank cell changes nothing. A row whose name is known changes that row; any other is new. Nothing is ever sent.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from import_export import resources
from import_export.fields import Field

from accounts.models import User
from cohorts.models import Format, Role
from content.models import Resource
from organisations.models import Organisation, Sector, Size, name_key
from privacy.services import record
from staff.lists.sheet import Column
from staff.lists.widgets import Adviser, Domain, Number, OneOf, YesNo


class Rows(resources.ModelResource):
    """A row is known by the text under its first column, whatever the case."""

    columns: list[Column] = []
    known_by = ""
    long_text: frozenset[str] = frozenset()

    def __init__(self, *, visible: QuerySet, by: User | None) -> None:
        super().__init__()
        self.visible, self.by = visible, by

    def heading_of(self, attribute: str) -> str:
        """The heading of a model's field; blank for what no column holds."""
        return next((field.column_name for field in self.fields.values() if field.attribute == attribute), "")

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        """What is blank is left as it is."""
        for heading in [heading for heading, cell in row.items() if not cell]:
            del row[heading]

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        known = row.get(self.heading_of(self.known_by), "")
        found = list(self.visible.filter(**{f"{self.known_by}__iexact": known})[:2]) if known else []
        if len(found) > 1:
            raise ValueError(f"There is more than one “{known}”. Change them on their own pages.")
        if found:
            row.pop(self.heading_of(self.known_by))  # known by it, it keeps it as it is written here
        return found[0] if found else None

    def after_save_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        if not kwargs.get("dry_run"):
            verb = "added" if instance.pk in self.made else "changed"
            record(by=self.by, verb=f"{instance._meta.model_name}.{verb}", about=instance, source="file")

    def after_init_instance(self, instance: Any, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        if new:
            self.made.add(instance.pk)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.made: set[Any] = set()

    def warning(self, instance: Any) -> str:
        """What staff should look at before they say yes to a new row; blank when there is nothing."""
        return ""


class OrganisationRows(Rows):
    known_by = "name"
    columns = [
        Column("Name", "As the organisation writes it.", needed=True, also=("Organisation", "Employer")),
        Column("E-mail domain", "What stands after the @ of its addresses.", also=("Domain",)),
        Column("Sector", "; ".join(Sector.labels) + "."),
        Column("Size", "; ".join(Size.labels) + ".", also=("Employees",)),
        Column("Places of work", "Towns or regions."),
        Column("Member", "Yes or no: a member of the charity.", also=("Is member",)),
        Column("Support package", "Yes or no.", also=("Package", "Has package")),
        Column("Adviser", "The e-mail address of its own Inclusion Adviser or Relationship Manager."),
        Column("In the baseline", "Yes or no: counted in the historical baseline already.", also=("Baseline",)),
    ]
    name = Field("name", "Name")
    domain = Field("domain", "E-mail domain", Domain())
    sector = Field("sector", "Sector", OneOf(lambda: Sector.choices))
    size = Field("size", "Size", OneOf(lambda: Size.choices))
    places_of_work = Field("places_of_work", "Places of work")
    is_member = Field("is_member", "Member", YesNo())
    has_package = Field("has_package", "Support package", YesNo())
    adviser = Field("adviser", "Adviser", Adviser())
    in_baseline = Field("in_baseline", "In the baseline", YesNo())

    class Meta:
        model = Organisation
        fields = (
            "name", "domain", "sector", "size", "places_of_work", "is_member", "has_package", "adviser", "in_baseline",
        )  # fmt: skip
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        names = list(Organisation.objects.values_list("name", "name_key", "domain"))
        self.alike = {key: name for name, key, _ in names} | {domain: name for name, _, domain in names if domain}

    def warning(self, instance: Organisation) -> str:
        other = self.alike.get(name_key(instance.name)) or self.alike.get(instance.domain)
        return (
            f"Perhaps the same as {other}. Write that name if it is; else compare and merge them later."
            if other
            else ""
        )


class ResourceRows(Rows):
    known_by = "title"
    long_text = frozenset({"Text"})
    columns = [
        Column("Title", "What people see in their list.", needed=True),
        Column("Summary", "One sentence; a new one needs it.", also=("Description",)),
        Column("Text", "Markdown; a new one needs it.", also=("Body", "Content")),
        Column("Format", "The key or name of a format. Blank: every format."),
        Column("Role", "; ".join(Role.labels) + ". Blank: every role."),
        Column("Position", "A whole number; the lowest comes first.", also=("Order",)),
        Column("Published", "Yes or no."),
    ]
    title = Field("title", "Title")
    summary = Field("summary", "Summary")
    body = Field("body", "Text")
    format_key = Field("format_key", "Format", OneOf(lambda: Format.objects.values_list("key", "name")))
    role = Field("role", "Role", OneOf(lambda: Role.choices))
    position = Field("position", "Position", Number())
    published = Field("published", "Published", YesNo())

    class Meta:
        model = Resource
        fields = ("title", "summary", "body", "format_key", "role", "position", "published")
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True


IMPORTERS: dict[str, type[Rows]] = {
    rows.Meta.model._meta.label_lower: rows for rows in (OrganisationRows, ResourceRows)
}


def importer_of(label: str) -> type[Rows] | None:
    return IMPORTERS.get(label)


def headings(columns: Iterable[Column]) -> list[Any]:
    return [column.heading for column in columns]
