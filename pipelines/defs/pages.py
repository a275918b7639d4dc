"""Starts Dagster on the pipeline: `python -m pipelines.defs.pages [dev | webserver | daemon] [its arguments]`.

`dev` is both in one, for a person at a desk; a server runs `webserver` and `daemon` as two processes.
"""

import os
import sys
from pathlib import Path

from dagster import DagsterInstance

from pipelines.defs.instance import end_what_was_killed, prepare_instance
from pipelines.settings import DAGSTER_HOME_VARIABLE, data_folder, turn_telemetry_off

_PROGRAMS = {
    "dev": ["dagster", "dev"],
    "webserver": ["dagster-webserver"],
    "daemon": ["dagster-daemon", "run"],
}


def main() -> None:
    """Replaces this process by Dagster's, with its home in the data folder."""
    turn_telemetry_off()
    folder = data_folder()
    home = prepare_instance(folder)
    # Dagster's processes read where their home is from their environment
    os.environ.setdefault(DAGSTER_HOME_VARIABLE, str(home))
    given = sys.argv[1:]
    name, rest = (given[0], given[1:]) if given and given[0] in _PROGRAMS else ("dev", given)
    if name != "webserver":
        # runs are processes below the daemon: they ended with it
        with DagsterInstance.get() as instance:
            end_what_was_killed(folder, instance)
    program, *words = _PROGRAMS[name]
    # the command installed with this Python, whether or not its environment is activated
    path = str(Path(sys.executable).with_name(program))
    os.execv(path, [path, *words, "--module-name", "pipelines.defs.definitions", *rest])


if __name__ == "__main__":
    main()
