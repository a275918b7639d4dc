"""Starts Dagster on the pipeline: `python -m pipelines.defs.pages [dev | webserver | daemon] [its arguments]`.

`dev` is both in one, for a person at a desk; a server runs `webserver` and `daemon` beside each other.
"""

import os
import sys

from dagster import DagsterInstance

from pipelines.defs.instance import end_what_was_killed, prepare_instance
from pipelines.settings import data_folder

_PROGRAMS = {
    "dev": ["dagster", "dev"],
    "webserver": ["dagster_webserver"],
    "daemon": ["dagster._daemon", "run"],
}


def main() -> None:
    """Replaces this process by Dagster's, with its home in the data folder."""
    folder = data_folder()
    prepare_instance(folder)
    given = sys.argv[1:]
    name, rest = (given[0], given[1:]) if given and given[0] in _PROGRAMS else ("dev", given)
    if name != "webserver":
        # runs go on below the daemon: with it they ended
        with DagsterInstance.get() as instance:
            end_what_was_killed(folder, instance)
    program, *words = _PROGRAMS[name]
    command = [sys.executable, "-m", program, *words, "--module-name", "pipelines.defs.definitions", *rest]
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
