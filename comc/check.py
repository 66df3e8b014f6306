"""`make check`: every check that needs no test run. All of them run, then the failures are named."""

import os
import subprocess
import sys
import tempfile

from comc.embedded import CHECKOUT, say

# A production environment with stand-ins for its secrets; the servers are those that `comc.embedded` started.
PRODUCTION = {
    "COMC_MODE": "production",
    "SECRET_KEY": "check-only-" + "abcdefghij" * 5,
    "FIELD_KEYS": "check-only",
    "BASE_URL": "https://circles.example",
    "ALLOWED_HOSTS": "circles.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}


def tool(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("lint", tool("ruff", "check", "."), {}),
    ("format", tool("ruff", "format", "--check", "--quiet", "."), {}),
    ("layers", [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"], {}),
    ("types", tool("mypy", "."), {}),
    ("templates", tool("djlint", "--lint", "--quiet", "templates", "ui/templates"), {}),
    ("papers", tool("comc.papers"), {}),
    ("migrations", manage("makemigrations", "--check", "--dry-run", "--verbosity", "0"), {}),
    ("deployment", manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    ("static files", manage("collectstatic", "--noinput", "--verbosity", "0"), PRODUCTION),
]


def passes(name: str, command: list[str], extra: dict[str, str]) -> bool:
    with tempfile.TemporaryDirectory() as static_root:
        environment = os.environ | extra | {"STATIC_ROOT": static_root}
        result = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    say(f"{name}: {'ok' if result.returncode == 0 else 'FAILED'}")
    if result.returncode:
        sys.stderr.write(result.stdout + result.stderr)
    return result.returncode == 0


def main() -> int:
    failed = [name for name, command, extra in CHECKS if not passes(name, command, extra)]
    say(f"Failed: {', '.join(failed)}." if failed else "Everything checked.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
