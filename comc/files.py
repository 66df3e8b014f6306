"""Settings for a command that works on files alone (`manage.py form_circles`, `survey_statistics`), on a bare machine.

Nothing of the environment is asked for, nothing secret is read, no server can be reached: the commands' own apps are
installed without their models, and nothing else.
"""

import time
from typing import Any

from django.apps import AppConfig

# From here on a time limit counts: what the command imports takes a second or more.
STARTED = time.monotonic()


class CommandsOnly(AppConfig):
    def import_models(self) -> None:
        self.models = dict[str, Any]()


class Circles(CommandsOnly):
    name = "circles"


class Surveys(CommandsOnly):
    name = "surveys"


INSTALLED_APPS = ["comc.files.Circles", "comc.files.Surveys"]
USE_TZ = True
