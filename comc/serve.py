"""`make run`: the whole product with demonstration data, from one terminal."""

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.manager import Manager

from comc.embedded import CHECKOUT, StartError, data_dir, free_port, say, servers

Environment = dict[str, str]


def serve() -> int:
    """Set up what is missing, start every process, print the addresses, stop all of it on Ctrl-C."""
    port = int(os.environ.get("PORT", "8000"))
    refuse_taken(port)
    say("Starting PostgreSQL and Redis …")
    with servers("run", mode="demonstration") as environment:
        environment |= addresses(port)
        prepare(environment)
        say("Starting web, worker, beat and the mail sink …")
        manager = Manager()
        for name, command in processes(environment, port).items():
            manager.add_process(name, shlex.join(command), env=environment, cwd=str(CHECKOUT), quiet=False)
        threading.Thread(target=announce, args=(environment, port), daemon=True).start()
        manager.loop()
        say("Stopped.")
        # Ctrl-C is how this is meant to end, so it is no error.
        return 0 if manager.returncode in (130, 143) else manager.returncode or 0


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise StartError(f"Port {port} is in use. Choose another: PORT={port + 1} make run") from taken


def addresses(port: int) -> Environment:
    """Where this copy is found, and where its mail goes: a sink on this machine, unless EMAIL_URL says otherwise."""
    mail = data_dir("run") / "mail"
    mail.mkdir(mode=0o700, exist_ok=True)
    return {
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "EMAIL_URL": os.environ.get("EMAIL_URL", f"smtp://127.0.0.1:{free_port()}"),
        "COMC_MAIL_DIR": str(mail),
        "PYTHONUNBUFFERED": "1",
        # Celery warns of running as root at every start; here it is the machine's own choice of user.
        "C_FORCE_ROOT": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def prepare(environment: Environment) -> None:
    """Migrate, load what every copy needs, and the demonstration programme if there is nobody yet."""
    done = subprocess.run(manage("prepare_demonstration"), env=environment, cwd=CHECKOUT, check=False)
    if done.returncode:
        raise StartError("The demonstration could not be prepared; see above.")


def processes(environment: Environment, port: int) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "comc", "--quiet"]
    schedule = Path(environment["COMC_INSTANCE_DIR"]) / "beat-schedule"
    commands = {
        "web": [
            sys.executable, "-m", "gunicorn", "comc.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
            "--threads", "4", "--log-level", "warning", "--worker-tmp-dir", environment["COMC_INSTANCE_DIR"],
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-gossip"],
        "beat": [*celery, "beat", "--schedule", str(schedule), "--loglevel", "warning", "--pidfile="],
    }  # fmt: skip
    host, _, mail_port = environment["EMAIL_URL"].rpartition(":")
    if host == "smtp://127.0.0.1":
        commands["mail"] = manage("mail_sink", "--port", mail_port, "--directory", environment["COMC_MAIL_DIR"])
    return commands


def announce(environment: Environment, port: int) -> None:
    """Once the web process answers, print the address and the sign-in links."""
    for _ in range(300):
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5).close()
            subprocess.run(manage("demonstration_links"), env=environment, cwd=CHECKOUT, check=False)
            return
        time.sleep(0.2)
    say("The web process does not answer; see its lines above.")
