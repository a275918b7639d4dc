"""Starts Dagster on the pipeline: `python -m pipelines.defs.pages [dev | webserver | daemon] [its arguments]`.

`dev` is pages and daemon for a person at a desk: the pages answer on this machine only, below a path that nobody
can guess. A server runs `webserver`, whose pages only show, and `daemon` as two processes.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dagster import DagsterInstance
from dagster_webserver import app as webserver_app
from dagster_webserver.cli import dagster_webserver

from pipelines.defs.instance import end_what_was_killed, prepare_instance
from pipelines.defs.request_guard import GuardedPages
from pipelines.errors import UsageError
from pipelines.settings import (
    DAGSTER_HOME_VARIABLE,
    DataFolder,
    data_folder,
    refuse_unknown_variables,
    turn_telemetry_off,
)
from pipelines.settings_file import apply_settings_file

CODE_LOCATION = ("--module-name", "pipelines.defs.definitions")
PROGRAMS = ("dev", "webserver", "daemon")


def main() -> None:
    """Starts what was asked for, with Dagster's home in the data folder."""
    folder = data_folder()
    try:
        refuse_unknown_variables()
        apply_settings_file(folder)
    except UsageError as fault:
        sys.exit(f"error: {fault}")
    turn_telemetry_off()
    home = prepare_instance(folder)
    # Dagster's processes read where their home is from their environment
    os.environ.setdefault(DAGSTER_HOME_VARIABLE, str(home))
    given = sys.argv[1:]
    name, rest = (given[0], given[1:]) if given and given[0] in PROGRAMS else ("dev", given)
    if name == "webserver":
        serve([*rest, "--read-only"])
    elif name == "daemon":
        _note_killed_runs(folder)
        command = _daemon_command(rest)
        os.execv(command[0], command)
    else:
        _serve_at_a_desk(folder, rest)


def serve(options: Sequence[str]) -> None:
    """Serves Dagster's pages behind our checks until the process is stopped."""
    # the command of Dagster has no option for its checks; tests/integration/test_code_location.py holds ours
    webserver_app.DagsterWebserver = GuardedPages  # type: ignore[attr-defined]
    # given here and not on the command line: every user of the machine can read that of a process
    dagster_webserver([*CODE_LOCATION, *options], standalone_mode=False)


def _serve_at_a_desk(folder: DataFolder, options: Sequence[str]) -> None:
    """Pages that may start runs, and the daemon below this process. Their address is shown in the terminal."""
    _note_killed_runs(folder)
    daemon = subprocess.Popen(_daemon_command([]))
    try:
        serve(desk_options(options))
    except KeyboardInterrupt:
        pass
    finally:
        daemon.terminate()
        daemon.wait()


def desk_options(given: Sequence[str]) -> list[str]:
    """The options of pages that may start runs: this machine only, and a path that changes with every start."""
    return [*given, "--host", "127.0.0.1", "--path-prefix", f"/{secrets.token_urlsafe(24)}"]


def _note_killed_runs(folder: DataFolder) -> None:
    # runs are processes below the daemon: they ended with it
    with DagsterInstance.get() as instance:
        end_what_was_killed(folder, instance)


def _daemon_command(options: Sequence[str]) -> list[str]:
    # the command installed with this Python, whether or not its environment is activated
    program = str(Path(sys.executable).with_name("dagster-daemon"))
    return [program, "run", *CODE_LOCATION, *options]


if __name__ == "__main__":
    main()
