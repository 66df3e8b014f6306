"""Figures of a file, without a database: by the very code that the impact pages call."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from surveys.statistics import change_counts, meaningful_difference, paired_change, reliability, signed_rank
from surveys.statistics.tables import Table, TableError, read_number, read_table


class Command(BaseCommand):
    help = "Prints the unrounded figures of a CSV file as JSON. Bad input: exit status 2."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # One line, like every other refusal; argparse would print the usage above it.
        parser.error = self._refuse
        file = parser.add_mutually_exclusive_group(required=True)
        file.add_argument("--paired", metavar="FILE.csv", help="columns pre and post, one row a person; blank: missing")
        file.add_argument("--items", metavar="FILE.csv", help="one column an item, one row a person; blank: missing")
        parser.add_argument(
            "--reliability", metavar="R", help="with --paired and --sd: counts larger changes than error"
        )
        parser.add_argument("--sd", metavar="S", help="the standard deviation before, in points of the scale")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = _of_items(options) if options["paired"] is None else _of_pairs(options)
        except TableError as error:
            self._refuse(str(error))
        self.stdout.write(json.dumps(_defined(figures), indent=1, allow_nan=False))

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(f"survey_statistics: {message}")
        raise SystemExit(2)


def _of_pairs(options: dict[str, Any]) -> dict[str, Any]:
    threshold = _threshold(options)
    table = _read(options["paired"], ("pre", "post"))
    pre, post = table.complete(("pre", "post"))
    if len(pre) < 2:
        raise TableError(f"{options['paired']}: {len(pre)} complete pairs; two at least are needed.")
    figures = asdict(paired_change(pre, post)) | asdict(signed_rank(pre, post))
    return figures if threshold is None else figures | asdict(change_counts(pre, post, threshold))


def _of_items(options: dict[str, Any]) -> dict[str, Any]:
    if options["reliability"] is not None or options["sd"] is not None:
        raise TableError("--reliability and --sd go with --paired.")
    table = _read(options["items"])
    columns = table.complete()
    if len(columns[0]) < 2:
        raise TableError(f"{options['items']}: {len(columns[0])} complete rows; two at least are needed.")
    return asdict(reliability(dict(zip(table.columns, columns, strict=True))))


def _threshold(options: dict[str, Any]) -> float | None:
    given = {name: options[name] for name in ("reliability", "sd") if options[name] is not None}
    if not given:
        return None
    if len(given) == 1:
        raise TableError("Give both of --reliability and --sd, or neither.")
    found = {name: read_number(text.strip()) for name, text in given.items()}
    for name, value in found.items():
        if value is None:
            raise TableError(f"--{name}: “{given[name]}” is not a number.")
    try:
        return meaningful_difference(found["reliability"], found["sd"])
    except ValueError as error:
        raise TableError(f"--reliability, --sd: {error}") from error


def _read(path: str, required: tuple[str, ...] = ()) -> Table:
    try:
        return read_table(Path(path).read_bytes(), required)
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}.") from error
    except TableError as error:
        raise TableError(f"{path}: {error}.") from error


def _defined(figures: dict[str, Any]) -> dict[str, Any]:
    """Null for a figure that no number can hold."""
    return {name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in figures.items()}  # fmt: skip
