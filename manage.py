#!/usr/bin/env python
"""Django's command line."""

import os
import sys

# They need no database, no secret and no server, and so no environment.
ON_FILES_ALONE = {"form_circles", "survey_statistics"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comc.settings")
    if sys.argv[1:2] and sys.argv[1] in ON_FILES_ALONE:
        os.environ["DJANGO_SETTINGS_MODULE"] = "comc.files"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
