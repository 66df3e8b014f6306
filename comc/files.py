"""Settings for a command that works on files alone (`manage.py form_circles`), on a bare machine.

Nothing of the environment is asked for, nothing secret is read, no server can be reached: the command's own app is
installed without its models, and nothing else.
"""

import time
from typing import Any

from django.apps import AppConfig

# From here on a time limit counts: what the command imports takes a second or more.
STARTED = time.monotonic()


class CommandsOnly(AppConfig):
    name = "circles"

    def import_models(self) -> None:
        self.models = dict[str, Any]()


INSTALLED_APPS = ["comc.files.CommandsOnly"]
USE_TZ = True
