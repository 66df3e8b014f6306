"""The Chromium of the browser tests: one from the PATH, else from apt when root, else Playwright's own."""

import os
import shutil
import subprocess
import sys

from comc.embedded import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root the sandbox can't start; the rest keeps a test browser from talking to anybody.
ARGUMENTS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def arguments() -> list[str]:
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS


def install() -> None:
    if on_path():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium with apt …")
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, **quiet)  # type: ignore[call-overload]  # Popen's own keywords
    if not on_path():
        say("Fetching Playwright's Chromium …")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    install()
