"""The settings file of a data folder: `settings.env`, with a line `NAME=value` for each setting.

Belongs here: reading it, and the commented file that `warehouse init` writes. A variable of the environment comes
before a line of the file. Does not belong here: what a setting means to the pipeline (`settings.py`).
"""

import difflib

from pipelines.errors import UsageError
from pipelines.input_files import InputFileError, is_there, read_input, text_of_input
from pipelines.settings import (
    DATA_VARIABLE,
    DATABASE_VARIABLE,
    INPUT_VARIABLES,
    KNOWN_VARIABLES,
    MEMORY_VARIABLE,
    NEW_PSEUDONYM_KEY_VARIABLE,
    OPEN_TEAMS_VARIABLE,
    PREFIX,
    PSEUDONYM_KEY_VARIABLE,
    QUIET_MINUTES,
    QUIET_VARIABLE,
    RELEASES_KEPT,
    RELEASES_KEPT_VARIABLE,
    ROUND_TO_VARIABLE,
    SHARDS_VARIABLE,
    SMALLEST_SHOWN_COUNT,
    SMALLEST_SHOWN_VARIABLE,
    WEBHOOK_VARIABLE,
    WORKERS_VARIABLE,
    DataFolder,
    InputLimits,
    give_settings,
)

NAME = "settings.env"
NOT_IN_FILE = (DATA_VARIABLE, DATABASE_VARIABLE, PSEUDONYM_KEY_VARIABLE, NEW_PSEUDONYM_KEY_VARIABLE)
"""Settings that the environment alone gives: where the data is, and keys."""
_TEMPLATE = (
    (SMALLEST_SHOWN_VARIABLE, SMALLEST_SHOWN_COUNT, "smaller counts are hidden outside the service"),
    (ROUND_TO_VARIABLE, 5, "round the counts that are shown outside to multiples of this (default: not rounded)"),
    (OPEN_TEAMS_VARIABLE, "off", "on: figures of teams are shown outside the service, too"),
    (QUIET_VARIABLE, QUIET_MINUTES, "a drop is complete after so many minutes without a change; off: by _SUCCESS"),
    (RELEASES_KEPT_VARIABLE, RELEASES_KEPT, "how many of the newest releases stay; off: all"),
    (MEMORY_VARIABLE, 4096, "megabytes of memory for DuckDB (default: half of the machine's)"),
    (
        SHARDS_VARIABLE,
        "north: 201 202; south: 203 204",
        "a working file for each group of authorities (default: one)",
    ),
    (WORKERS_VARIABLE, 2, "processes that share the work on many authorities (default: one for each core)"),
    (INPUT_VARIABLES["file_mb"], InputLimits.file_mb, "megabytes of the largest file that is read"),
    (WEBHOOK_VARIABLE, "https://...", "address that receives alerts (default: they are only logged)"),
)
_TOP = """\
# Settings of this data folder. Every line is optional: take the # away from a line to change its setting.
# The environment comes first: a variable that is set there stays as it is. docs/deployment.md lists all settings.
"""


def settings_template() -> str:
    """The settings file with every line as a comment, with its default."""
    return _TOP + "".join(f"\n# {text}\n# {name}={value}\n" for name, value, text in _TEMPLATE)


def apply_settings_file(folder: DataFolder) -> None:
    """Gives the settings of the file to the environment of this process, where it has none of its own.

    Raises UsageError for a line that is no setting, with its number and the nearest name.
    """
    path = folder.root / NAME
    if not is_there(path):
        return
    try:
        text = text_of_input(read_input(path.parent, path))
    except InputFileError as fault:
        raise UsageError(f"{path}: {fault}") from fault
    settings = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name = name.strip().removeprefix("export ").strip()
        if not equals or name not in KNOWN_VARIABLES or name in NOT_IN_FILE:
            raise UsageError(f"{path} line {number}: {_not_a_setting(name)}")
        settings[name] = value.strip().strip("\"'")
    give_settings(settings)


def _not_a_setting(name: str) -> str:
    if name in NOT_IN_FILE:
        return f"{name} is a setting of the environment, not of this file"
    near = difflib.get_close_matches(name, KNOWN_VARIABLES, n=1, cutoff=0.6) if name.startswith(PREFIX) else []
    return f"write NAME=value{f'; did you mean {near[0]}?' if near else ', with a name of docs/deployment.md'}"
