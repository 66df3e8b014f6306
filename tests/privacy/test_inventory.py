"""Every field of every model is in the personal-data inventory, and nothing else is (G-09)."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

from privacy.fields import EncryptedTextField

INVENTORY: dict[str, Any] = tomllib.loads(Path(settings.BASE_DIR, "privacy", "inventory.toml").read_text("utf-8"))
RETENTION: dict[str, str] = INVENTORY.pop("retention")
PURGE: dict[str, str] = INVENTORY.pop("purge")
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
CATEGORIES = {"identity", "contact", "work", "programme", "confidential", "special", "sign-in", "staff"}
ERASE = {"delete", "null", "replace", "keep"}
NEEDLESS = re.compile(r"birth|(^|_)(dob|age|sex|gender|race|faith)($|_)|ethnic|religio|home_|postcode|phone|mobile")
FOR_GOOD = {"figures", "programme"}
NEVER_IN_LISTS = {"confidential", "special", "sign-in"}


def fields_of(model: type[models.Model]) -> list[models.Field]:
    return [*model._meta.local_fields, *model._meta.local_many_to_many]


def named(label: str) -> list[str]:
    entry = INVENTORY[label]
    return [*entry["plain"], *entry.get("personal", {})]


def personal(label: str) -> dict[str, dict[str, Any]]:
    return INVENTORY.get(label, {}).get("personal", {})


def test_every_model_is_named_and_no_other() -> None:
    assert set(INVENTORY) == set(MODELS)


@pytest.mark.parametrize("label", sorted(MODELS))
def test_every_field_is_named_once_and_no_other(label: str) -> None:
    names = named(label)
    assert len(names) == len(set(names)), "A field stands there twice."
    assert set(names) == {field.name for field in fields_of(MODELS[label])}


@pytest.mark.parametrize("label", sorted(INVENTORY))
def test_every_entry_says_why_and_for_how_long(label: str) -> None:
    entry = INVENTORY[label]
    assert entry["purpose"]
    assert set(entry) <= {"purpose", "basis", "retention", "forgotten_by", "plain", "personal", "copied"}
    assert entry["retention"] in RETENTION
    if personal(label):
        assert entry["basis"]
        assert entry["retention"] != "programme"
    for name, said in personal(label).items():
        assert set(said) == {"category", "export", "erase"}, name
        assert said["category"] in CATEGORIES, name
        assert said["erase"] in ERASE, name
        assert isinstance(said["export"], bool), name


def test_every_retention_is_used_and_seen_to_by_the_schedule() -> None:
    assert {entry["retention"] for entry in INVENTORY.values()} == set(RETENTION)
    assert set(PURGE) == set(RETENTION) - FOR_GOOD
    tasks = {*PURGE.values(), *(entry["forgotten_by"] for entry in INVENTORY.values() if "forgotten_by" in entry)}
    assert tasks <= {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize("label", sorted(INVENTORY))
def test_what_is_erased_to_nothing_can_be(label: str) -> None:
    for name, said in personal(label).items():
        field = MODELS[label]._meta.get_field(name)
        if said["erase"] == "null":
            assert field.null or field.blank, f"{label}.{name} cannot be empty"


@pytest.mark.parametrize("label", sorted(INVENTORY))
def test_text_of_a_special_category_is_encrypted(label: str) -> None:
    for name, said in personal(label).items():
        field = MODELS[label]._meta.get_field(name)
        if said["category"] == "special" and isinstance(field, models.CharField | models.TextField):
            assert isinstance(field, EncryptedTextField), f"{label}.{name} is readable in the database"


@pytest.mark.parametrize("label", sorted(INVENTORY))
def test_a_field_that_names_a_person_is_not_called_plain(label: str) -> None:
    """A link to a person, and every column called after a name or an address, is personal."""
    for name in INVENTORY[label]["plain"]:
        field = MODELS[label]._meta.get_field(name)
        to = getattr(field.related_model, "_meta", None)
        assert to is None or to.label not in {"accounts.User", "participants.Enrolment"}, f"{label}.{name}"
        assert name not in {"email", "first_name", "last_name", "address", "contact_name"}, f"{label}.{name}"


def test_nothing_is_asked_for_that_the_programme_does_not_need() -> None:
    """No birthday, no home, no telephone; and no ethnic group: a declaration says yes and no more (G-06, G-07)."""
    assert all(map(NEEDLESS.search, ["ethnic_group", "date_of_birth", "home_postcode", "mobile"]))
    fields = {f"{label}.{field.name}" for label, model in MODELS.items() for field in fields_of(model)}
    assert not {name for name in fields if NEEDLESS.search(name.rpartition(".")[2])}


def test_the_admin_lists_and_searches_nothing_confidential() -> None:
    for model, model_admin in admin.site._registry.items():
        secret = {n for n, said in personal(model._meta.label).items() if said["category"] in NEVER_IN_LISTS}
        shown = {*map(str, model_admin.list_display), *map(str, model_admin.list_filter), *model_admin.search_fields}
        allowed = {"is_active", "last_login", "quote"}  # a quote is offered for publication
        assert not (shown & secret) - allowed, model.__name__
