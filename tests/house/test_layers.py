"""The rooms of the house stand in one order, and everything in them points down it."""

import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings

PYPROJECT = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = next(c["layers"] for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
# Lowest first: a model may point at its own level or below.
LEVEL = {app: level for level, row in enumerate(reversed(LAYERS)) for app in row.replace(" ", "").split("|")}


def local_apps() -> set[str]:
    return {config.label for config in apps.get_app_configs() if Path(config.path).parent == Path(settings.BASE_DIR)}


def test_every_local_app_is_in_the_layers_contract():
    assert local_apps() == set(LEVEL)


def upward_foreign_keys() -> list[str]:
    """Foreign keys, many-to-many relations and inheritance that point at a higher app."""
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LEVEL
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        and LEVEL.get(field.related_model._meta.app_label, -1) > LEVEL[model._meta.app_label]
    ]  # fmt: skip


def test_no_foreign_key_points_up():
    assert upward_foreign_keys() == []


def test_a_foreign_key_that_points_up_is_found(monkeypatch):
    monkeypatch.setitem(LEVEL, "accounts", 99)
    assert any("accounts.User" in key for key in upward_foreign_keys())
