"""Every path and every environment variable of the warehouse, and nothing else.

Nothing here touches the disk: a folder is made by the room that writes to it.
"""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent
_IS_WHEEL = (_PACKAGE / "dbt_project").is_dir()
_TOP = _PACKAGE if _IS_WHEEL else _PACKAGE.parent
"""The folder that holds what is not Python: the top of a checkout; in a wheel, the package itself."""

DBT_PROJECT = _TOP / "dbt_project"
EXPECTATIONS = _TOP / "expectations"
COOKBOOK = _TOP / "docs" / "cookbook"
SEEDS = DBT_PROJECT / "seeds"
HEADER_MAPS = Path(__file__).parent / "comparators" / "headers"

PREFIX = "WAREHOUSE_"
DATA_VARIABLE = "WAREHOUSE_DATA"
DATABASE_VARIABLE = "WAREHOUSE_DATABASE"
DAGSTER_HOME_VARIABLE = "DAGSTER_HOME"
PSEUDONYM_KEY_VARIABLE = "WAREHOUSE_PSEUDONYM_KEY"
NEW_PSEUDONYM_KEY_VARIABLE = "WAREHOUSE_PSEUDONYM_KEY_NEW"
QUIET_VARIABLE = "WAREHOUSE_QUIET_MINUTES"
WEBHOOK_VARIABLE = "WAREHOUSE_ALERT_WEBHOOK"
MAIL_SERVER_VARIABLE = "WAREHOUSE_ALERT_MAIL_SERVER"
MAIL_FROM_VARIABLE = "WAREHOUSE_ALERT_MAIL_FROM"
MAIL_TO_VARIABLE = "WAREHOUSE_ALERT_MAIL_TO"
MAIL_USER_VARIABLE = "WAREHOUSE_ALERT_MAIL_USER"
MAIL_PASSWORD_VARIABLE = "WAREHOUSE_ALERT_MAIL_PASSWORD"
MAIL_SECURITY_VARIABLE = "WAREHOUSE_ALERT_MAIL_SECURITY"
PAGES_HOST_VARIABLE = "WAREHOUSE_PAGES_HOST"
COMPOSE_VARIABLE = "WAREHOUSE_DATA_FOLDER"
"""Read by `deploy/compose.yaml` only."""

QUIET_MINUTES = 15
"""Minutes without a change after which a drop without its mark counts as complete."""

NOT_ALLOCATED = "Not allocated"
"""Name of the team and of the locality of children without a team."""
SMALLEST_SHOWN_COUNT = 6
"""Counts from 1 to one below it are suppressed in `open/`, unless the installation sets another number."""
SMALLEST_SHOWN_VARIABLE = "WAREHOUSE_SMALLEST_SHOWN_COUNT"
ROUND_TO_VARIABLE = "WAREHOUSE_ROUND_COUNTS_TO"
OPEN_TEAMS_VARIABLE = "WAREHOUSE_OPEN_TEAMS"

RELEASES_KEPT = 24
"""How many of the newest releases stay by default. The last release of every financial year also stays."""
RELEASES_KEPT_VARIABLE = "WAREHOUSE_RELEASES_KEPT"
MEMORY_VARIABLE = "WAREHOUSE_MEMORY_MB"
SHARDS_VARIABLE = "WAREHOUSE_SHARDS"
WORKERS_VARIABLE = "WAREHOUSE_WORKERS"
LEAST_MEMORY_MB = 256
"""Least memory with which DuckDB writes a month of a small authority."""
MEMORY_OF_CONTAINER = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says how much memory a container may use, in its two versions of control groups."""

LARGEST_TEXT = 256 << 10
"""Bytes of a file that people write by hand: waivers, notes on a release, populations."""
LARGEST_COMMENTARY = 32 << 10
"""Bytes of a commentary, some 5,000 words. Turning a hostile one of this size into HTML takes some seconds."""

DATABASE_VAR = "warehouse_database"
"""Name of the `--vars` variable that gives the working file to dbt's profile."""
MEMORY_VAR = "warehouse_memory"
"""Name of the one that gives it the memory of DuckDB."""

NO_TELEMETRY = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class DisclosureRules:
    """How small numbers are suppressed for people outside the service."""

    smallest_shown: int = SMALLEST_SHOWN_COUNT
    round_to: int | None = None
    """Shown counts are rounded to a multiple of this number; None: not rounded."""
    teams: bool = False
    """Whether `open/` has rows of teams."""


def disclosure_rules() -> DisclosureRules:
    """The rules of this installation, from its environment.

    Raises UsageError for a value that is no whole number, for a smallest count under 3, because then every
    suppressed count would be 1, for a rounding under 2, and for teams that are neither `on` nor `off`.
    """
    teams = os.environ.get(OPEN_TEAMS_VARIABLE, "").strip().lower() or "off"
    if teams not in {"on", "off"}:
        raise UsageError(f"{OPEN_TEAMS_VARIABLE} must be on or off, not {teams}")
    return DisclosureRules(
        _whole_number(SMALLEST_SHOWN_VARIABLE, least=3) or SMALLEST_SHOWN_COUNT,
        _whole_number(ROUND_TO_VARIABLE),
        teams == "on",
    )


def releases_kept() -> int | None:
    """How many of the newest releases stay; None (`off`, or 0): all of them.

    Raises UsageError for anything but a whole number or `off`.
    """
    given = os.environ.get(RELEASES_KEPT_VARIABLE, "").strip().lower() or str(RELEASES_KEPT)
    if given != "off" and not given.isdecimal():
        raise UsageError(f"{RELEASES_KEPT_VARIABLE} must be a whole number or off, not {given}")
    return None if given == "off" else int(given) or None


def memory_mb() -> int | None:
    """Megabytes that DuckDB may hold in memory, from the environment; None: half of the machine's.

    Raises UsageError for a value that is no whole number of at least `LEAST_MEMORY_MB`.
    """
    return _whole_number(MEMORY_VARIABLE, least=LEAST_MEMORY_MB)


def shards() -> dict[str, tuple[str, ...]]:
    """The authorities of each shard by its name, from the environment; empty where one working file holds all.

    As `north: 201 202; south: 203`. Raises UsageError for anything else, and for an authority in two shards.
    """
    groups: dict[str, tuple[str, ...]] = {}
    shard_of: dict[str, str] = {}
    for group in filter(str.strip, os.environ.get(SHARDS_VARIABLE, "").split(";")):
        name, colon, codes = (part.strip() for part in group.partition(":"))
        if not (colon and codes and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name)) or name in groups:
            raise UsageError(
                f"{SHARDS_VARIABLE}: write a name once, a colon and codes of authorities for each shard, such as "
                f"'north: 201 202; south: 203', not {group.strip()!r}"
            )
        groups[name] = tuple(codes.replace(",", " ").split())
        for code in groups[name]:
            if code in shard_of:
                raise UsageError(
                    f"{SHARDS_VARIABLE}: authority {code} is in {shard_of[code]} and in {name}: leave it in one"
                )
            shard_of[code] = name
    return groups


def workers() -> int | None:
    """How many processes share the work on many authorities; None: one for each core of the machine.

    Raises UsageError for a value that is no whole number, and where they do not have enough memory each.
    """
    number, megabytes = _whole_number(WORKERS_VARIABLE, least=1), memory_mb()
    if number and megabytes and megabytes // number < LEAST_MEMORY_MB:
        raise UsageError(
            f"{MEMORY_VARIABLE} of {megabytes} leaves {megabytes // number} MB for each of {number} workers: give "
            f"{number * LEAST_MEMORY_MB} or more, or a smaller {WORKERS_VARIABLE}"
        )
    return number


@dataclass(frozen=True)
class InputLimits:
    """How much of a delivered file is read, and what reading it may take.

    The run refuses a file beyond a limit in one line. The limits are far above the drop of a large county, in
    which no file has more than 1 GB.
    """

    file_mb: int = 2048
    """Size of a file as delivered."""
    unpacked_mb: int = 2048
    """Size of what a compressed file, a workbook or a table unpacks to."""
    expansion: int = 100
    """How many times larger it may be than the file. Below `EXPANSION_FROM_MB` any number of times."""
    memory_mb: int = 6144
    """Memory of the process that reads."""
    seconds: int = 300
    """Time to read one file."""
    columns: int = 2000
    cells: int = 50_000_000

    @property
    def file_bytes(self) -> int:
        return self.file_mb << 20

    def unpacked_bytes(self, packed: int) -> int:
        """How much a file of `packed` bytes may unpack to."""
        return min(self.unpacked_mb << 20, max(EXPANSION_FROM_MB << 20, self.expansion * packed))


INPUT_VARIABLES = {limit.name: f"WAREHOUSE_INPUT_{limit.name.upper()}" for limit in fields(InputLimits)}
"""The variable of each limit by its name."""
EXPANSION_FROM_MB = 64


def input_limits() -> InputLimits:
    """The limits of this installation, from its environment. Raises UsageError for a value that is no number."""
    given = {name: _whole_number(variable) for name, variable in INPUT_VARIABLES.items()}
    return InputLimits(**{name: number for name, number in given.items() if number is not None})


def environment_of_reader() -> dict[str, str]:
    """The environment of the process that reads files: where Python finds things, and no key or password."""
    passed = {name: value for name, value in os.environ.items() if name in READER_VARIABLES}
    paths = [str(_PACKAGE.parent), passed.get("PYTHONPATH", "")]
    return passed | {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONDONTWRITEBYTECODE": "1"}


READER_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "TMPDIR",
    "TZ",
)


def _whole_number(variable: str, least: int = 2) -> int | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < least:
        raise UsageError(f"{variable} must be a whole number of {least} or more, not {text}")
    return int(text)


@dataclass(frozen=True)
class DataFolder:
    """The data folder of one installation, as laid out in the public interface."""

    root: Path

    @property
    def lcs(self) -> Path:
        """Month-end drops: `<la_code>/<YYYY-MM>/<object>.<ending>`."""
        return self.root / "raw" / "lcs"

    @property
    def comparators(self) -> Path:
        """Published figures as downloaded: `<publisher>/<release>/<file>`."""
        return self.root / "raw" / "comparators"

    @property
    def reference(self) -> Path:
        """The authority's own overrides of shipped reference data."""
        return self.root / "raw" / "reference"

    @property
    def commentary(self) -> Path:
        """Commentary on figures: `<la_code>/<YYYY-MM>/<indicator_id>.md` and `index.md`."""
        return self.root / "raw" / "commentary"

    @property
    def warehouse(self) -> Path:
        """What only the pipeline writes and only its owner reads."""
        return self.root / "warehouse"

    @property
    def database(self) -> Path:
        """The working DuckDB file."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def reading(self) -> Path:
        """Copies of the files that are being read; empty when no run is going on."""
        return self.warehouse / "reading"

    @property
    def rebuild(self) -> Path:
        """Where a new working file is made from the archive; gone when `warehouse rebuild` has ended."""
        return self.warehouse / ".rebuild"

    @property
    def archive(self) -> Path:
        """Accepted drops, unchanged."""
        return self.warehouse / "archive"

    @property
    def private(self) -> Path:
        """The pseudonym key and the lookup from child_id back to the LCS id."""
        return self.warehouse / "private"

    @property
    def run_lock(self) -> Path:
        return self.warehouse / "run.lock"

    @property
    def last_run(self) -> Path:
        """How the last run ended, as JSON."""
        return self.warehouse / "last_run.json"

    @property
    def runs(self) -> Path:
        """The record of each month's last run, as JSON: where it is, how it ended."""
        return self.warehouse / "runs"

    @property
    def logs(self) -> Path:
        """The output of dbt and other tools (`<month>.log`), and the log of the pipeline (`<month>.jsonl`)."""
        return self.warehouse / "logs"

    def run_log(self, month: object) -> Path:
        """Every run of a month, stage by stage, as JSON lines with the run's id."""
        return self.logs / f"{month}.jsonl"

    @property
    def alerts(self) -> Path:
        """Every alert, with whether it was sent, as JSON lines."""
        return self.logs / "alerts.jsonl"

    @property
    def freshness(self) -> Path:
        """What was overdue in the last alert, as JSON."""
        return self.warehouse / "freshness.json"

    @property
    def findings(self) -> Path:
        """What ingest, rules and gates found in each month, as JSON and as a page."""
        return self.warehouse / "findings"

    def quality_page(self, month: object) -> Path:
        """The quality page of a month, as far as its last run got."""
        return self.findings / str(month) / "index.html"

    @property
    def decisions(self) -> Path:
        """The cache of suppression decisions. It may be deleted."""
        return self.warehouse / "disclosure"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster"

    @property
    def dbt_target(self) -> Path:
        return self.warehouse / "dbt"

    @property
    def dbt_manifest(self) -> Path:
        """The project as dbt read it last."""
        return self.dbt_target / "manifest.json"

    @property
    def manifest_mark(self) -> Path:
        """Which state of the project the manifest is of."""
        return self.dbt_target / "manifest.sha256"

    @property
    def shards(self) -> tuple["ShardFolder", ...]:
        """The shards of a region; empty where one working file holds every authority."""
        return tuple(ShardFolder(self.root, name, codes) for name, codes in shards().items())

    def has_authority(self, la_code: str) -> bool:
        """Whether drops of this authority are run here."""
        return True

    @property
    def releases(self) -> Path:
        return self.root / "marts" / "releases"

    @property
    def latest(self) -> Path:
        """Names the current release: a link, or where there are none a file that holds its id."""
        return self.root / "marts" / "latest"


@dataclass(frozen=True)
class ShardFolder(DataFolder):
    """The data folder as the runs of one shard see it: its own drops, working file, findings and logs.

    Key, lookups, archive, reference data and releases are those of the region. A run works on a copy of the
    working file, which takes its place when every step is done. `is_being_run`: the folder with the copy.
    """

    name: str
    authorities: tuple[str, ...]
    is_being_run: bool = False

    @property
    def region(self) -> DataFolder:
        """The data folder that the shard is part of."""
        return DataFolder(self.root)

    @property
    def warehouse(self) -> Path:
        return self.region.warehouse / "shards" / self.name

    @property
    def database(self) -> Path:
        # the same name, because it is the name of DuckDB's catalogue
        return (self.next if self.is_being_run else self.warehouse) / "warehouse.duckdb"

    @property
    def next(self) -> Path:
        """Where a run makes the next working file; gone when it has ended in order."""
        return self.warehouse / "next"

    @property
    def archive(self) -> Path:
        return self.region.archive

    @property
    def private(self) -> Path:
        return self.region.private

    @property
    def shards(self) -> tuple["ShardFolder", ...]:
        return ()

    def has_authority(self, la_code: str) -> bool:
        return la_code in self.authorities


def data_folder(given: str | Path | None = None) -> DataFolder:
    """The data folder: the one given, else `WAREHOUSE_DATA`, else `data/`.

    `data/` is in the checkout or, where a wheel was installed, in the folder the command is called from.
    """
    root = given or os.environ.get(DATA_VARIABLE) or (Path() if _IS_WHEEL else _TOP) / "data"
    return DataFolder(Path(root).expanduser().resolve())


@dataclass(frozen=True)
class MailSettings:
    """Where alerts go by e-mail. `server` is a name or name:port; `security` is none, starttls or tls."""

    server: str
    sender: str
    recipients: tuple[str, ...]
    user: str
    password: str
    security: str


@dataclass(frozen=True)
class AlertSettings:
    """Where alerts go: an address to post them to, a mail server. Without either they are only logged."""

    webhook: str | None = None
    mail: MailSettings | None = None


def alert_settings() -> AlertSettings:
    """Where alerts go in this installation."""
    return AlertSettings(os.environ.get(WEBHOOK_VARIABLE, "").strip() or None, _mail_settings())


def _mail_settings() -> MailSettings | None:
    given = {name: os.environ.get(name, "").strip() for name in _MAIL_VARIABLES}
    if not given[MAIL_SERVER_VARIABLE]:
        return None
    return MailSettings(
        server=given[MAIL_SERVER_VARIABLE],
        sender=given[MAIL_FROM_VARIABLE],
        recipients=tuple(name.strip() for name in given[MAIL_TO_VARIABLE].split(",") if name.strip()),
        user=given[MAIL_USER_VARIABLE],
        password=given[MAIL_PASSWORD_VARIABLE],
        security=given[MAIL_SECURITY_VARIABLE].lower() or "starttls",
    )


_MAIL_VARIABLES = (
    MAIL_SERVER_VARIABLE,
    MAIL_FROM_VARIABLE,
    MAIL_TO_VARIABLE,
    MAIL_USER_VARIABLE,
    MAIL_PASSWORD_VARIABLE,
    MAIL_SECURITY_VARIABLE,
)


def quiet_minutes() -> float | None:
    """Minutes without a change after which a drop is complete; None (`off`): only its mark makes it so.

    Raises UsageError for anything but a number of minutes or `off`.
    """
    given = os.environ.get(QUIET_VARIABLE, "").strip().lower()
    if given == "off":
        return None
    try:
        minutes = float(given or QUIET_MINUTES)
    except ValueError:
        minutes = -1
    if not 0 <= minutes < float("inf"):
        raise UsageError(f"{QUIET_VARIABLE} must be a number of minutes or off, not {given}")
    return minutes


@dataclass(frozen=True)
class Settings:
    """The settings of an installation for its runs."""

    disclosure: DisclosureRules = DisclosureRules()
    releases_kept: int | None = RELEASES_KEPT
    alerts: AlertSettings = AlertSettings()
    inputs: InputLimits = InputLimits()


def read_settings() -> Settings:
    """The settings of this installation, from its environment. Whoever starts a run reads them once.

    Raises UsageError for a value that cannot be used.
    """
    workers()
    shards()
    return Settings(disclosure_rules(), releases_kept(), alert_settings(), input_limits())


KNOWN_VARIABLES = [
    *(value for name, value in globals().items() if name.endswith("_VARIABLE")),
    *INPUT_VARIABLES.values(),
]
"""Every variable that is a setting."""


def pages_host() -> tuple[str, ...]:
    """The name under which a proxy serves Dagster's pages; none where they are reached on this machine only."""
    given = os.environ.get(PAGES_HOST_VARIABLE, "").strip()
    return (given,) if given else ()


def refuse_unknown_variables() -> None:
    """Raises UsageError for a variable `WAREHOUSE_...` that is no setting: without it a default would apply."""
    for name in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in KNOWN_VARIABLES):
        near = difflib.get_close_matches(name, KNOWN_VARIABLES, n=1, cutoff=0.8)
        hint = f"did you mean {near[0]}?" if near else "docs/deployment.md lists the settings"
        raise UsageError(f"the environment variable {name} is not a setting: {hint}")


def give_settings(settings: Mapping[str, str]) -> None:
    """Gives settings to the environment of this process, where it has none of the name."""
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def turn_telemetry_off() -> None:
    """Sets the variables of Dagster, dbt and GX that stop them from sending usage data."""
    os.environ.update(NO_TELEMETRY)
