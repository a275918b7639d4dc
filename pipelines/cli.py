"""The `warehouse` command: its arguments, messages and exit statuses.

Exit status: 0 done; 2 wrong usage; 3 a gate refused; 4 bad input; 1 anything unexpected; 128 and its number after
a signal (SIGINT 130, SIGTERM 143, SIGHUP 129).

The function of a command imports what only this command needs: to start, the others need not wait for it.
"""

import argparse
import datetime as dt
import gc
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from pipelines.calendar import Month, months_between
from pipelines.display import ERR, OUT, progress_display, releases_table, run_summary
from pipelines.errors import BadInputError, StoppedError, UsageError, WarehouseError
from pipelines.file_names import printable
from pipelines.month import Options, only_run
from pipelines.month.stop_signals import BY_A_PERSON, received_signal, signals_that_stop
from pipelines.privacy import ForReleases
from pipelines.publish import (
    Corrections,
    current_release,
    damaged_releases,
    needed_release,
    releases,
    roll_back,
)
from pipelines.quality import Waivers
from pipelines.settings import (
    DataFolder,
    data_folder,
    read_settings,
    refuse_unknown_variables,
    shards,
    turn_telemetry_off,
)
from pipelines.settings_file import apply_settings_file
from pipelines.storage import storage_faults_as_lines
from pipelines.table_register import TableEntry, table_register
from pipelines.transform import manifest_path

OBJECTS_BEFORE_COLLECTION = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # a month makes millions of objects that stay: to look for garbage after every 700 of them takes a tenth of it
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    added = _added_commands()
    turn_telemetry_off()
    try:
        with signals_that_stop():
            refuse_unknown_variables()
            if words and words[0] in added:
                _load(added[words[0]])(words[1:])
            else:
                options = _parser(added).parse_args(words)
                apply_settings_file(data_folder(options.data))
                options.command(options)
    except (WarehouseError, KeyboardInterrupt) as error:
        fault = _as_fault(error)
        for line in str(fault).split("\n"):
            ERR.print(f"error: {line}", soft_wrap=True)
        return fault.exit_status
    return 0


def _as_fault(error: WarehouseError | KeyboardInterrupt) -> WarehouseError:
    """The fault to print. Outside a run, a package may have answered a signal with an error of its own."""
    if isinstance(error, StoppedError) or (isinstance(error, WarehouseError) and received_signal() is None):
        return error
    signal = received_signal() or BY_A_PERSON
    return StoppedError(f"stopped by {signal.name}", signal)


def _added_commands() -> dict[str, EntryPoint]:
    """The commands that packages outside the product add, by name."""
    return {command.name: command for command in entry_points(group="warehouse.commands")}


def _load(command: EntryPoint) -> Callable[[Sequence[str]], None]:
    """The function of an added command. Raises UsageError where its package is not installed."""
    package = command.module.split(".")[0]
    try:
        function: Callable[[Sequence[str]], None] = command.load()
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise UsageError(
            f"`warehouse {command.name}` is part of the checkout (package {package}) and is not installed here"
        ) from error
    return function


def _parser(added: Mapping[str, EntryPoint]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warehouse",
        description="Turns the monthly extracts of children's services into published figures.",
        epilog=" ".join(__doc__.splitlines()[2:4]),
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    for command in added.values():
        commands.add_parser(command.name, help=f"see `warehouse {command.name} --help`")

    run = _command(commands, "run", "ingest, check, build and publish one month or several", _run)
    run.add_argument("--month", metavar="YYYY-MM", help="the month to run")
    run.add_argument("--from", dest="first", metavar="YYYY-MM", help="the first of several months")
    run.add_argument("--to", dest="last", metavar="YYYY-MM", help="the last of several months")
    run.add_argument(
        "--waive",
        action="append",
        default=[],
        metavar="NAME",
        help="a suite, suite/check or all that may fail; repeatable",
    )
    run.add_argument(
        "--authority",
        action="append",
        default=[],
        metavar="LA_CODE",
        help="run only this authority's drop and leave the others as they are; repeatable (default: every drop)",
    )
    run.add_argument(
        "--shard",
        action="append",
        default=[],
        metavar="NAME",
        help="run only the drops of this shard's authorities; repeatable (see WAREHOUSE_SHARDS)",
    )
    _add_corrections(run, "one of the months run: its reported figures may change; repeatable")
    run.add_argument("--reason", metavar="TEXT", help="why a check is waived or a month corrected")

    text = "show (or with --with-lcs-ids, write) each team's list of records to correct"
    feedback = _command(commands, "feedback", text, _feedback)
    feedback.add_argument("--month", metavar="YYYY-MM", help="default: the newest month of the current release")
    feedback.add_argument("--with-lcs-ids", action="store_true", help="write lists with ids of person and record")
    feedback.add_argument(
        "--to", metavar="DIR", help="folder for lists with ids (default: warehouse/feedback/<month>)"
    )

    text = "make the folders of a new installation, with a settings file and a checklist"
    new = _command(commands, "init", text, _init)
    new.add_argument("la_code", nargs="?", metavar="LA_CODE", help="the authority's code (default: asks for it)")
    new.add_argument("--authority", metavar="LA_CODE", help="the same")

    text = "show what is there, what is missing, and what each missing thing costs, without running a month"
    _command(commands, "check", text, _check)

    text = "show drops, waiting months, the last run, its gates, the current release, and what is overdue"
    shown = _command(commands, "status", text, _status)
    shown.add_argument("--json", action="store_true", help="as JSON, for monitoring")

    text = "explain an indicator (with its figure), table, column, code set or rule"
    asked = _command(commands, "explain", text, _explain)
    asked.add_argument(
        "name",
        nargs="?",
        metavar="INDICATOR_ID",
        help="or any other name of the dictionary (default: lists the indicators)",
    )
    asked.add_argument("--month", metavar="YYYY-MM", help="month of the figure (default: the current release's)")

    keys = _command(commands, "rekey", "change the key of the pseudonyms", _rekey)
    keys.add_argument("--yes", action="store_true", help="carry it out (default: only show what would change)")

    _add_releases(keys)

    old = _command(commands, "forget", "remove old drops and child rows, and keep the figures", _forget)
    text = "age in years, counted back from the newest month"
    old.add_argument("--older-than", type=int, required=True, metavar="YEARS", help=text)
    old.add_argument("--yes", action="store_true", help="carry it out (default: only show what would go)")
    _add_releases(old)

    text = "make the working file again from the drops behind the current release"
    again = _command(commands, "rebuild", text, _rebuild)
    again.add_argument("--yes", action="store_true", help="carry it out (default: only show what would be made)")
    _add_corrections(again, "one of the months made again: its reported figures may change; repeatable")
    again.add_argument("--reason", metavar="TEXT", help="why a month is corrected")
    again.set_defaults(waive=[], authority=[], shard=[])

    _command(
        commands,
        "releases",
        "list the releases: month, size, which one is current, and why each is kept",
        _releases,
    )
    rollback = _command(commands, "rollback", "make an earlier release the latest again", _rollback)
    rollback.add_argument("release_id", metavar="RELEASE_ID", help="as `warehouse releases` lists it")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    function: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--data", metavar="DIR", help="the data folder (default: WAREHOUSE_DATA, else data/)")
    command.set_defaults(command=function)
    return command


def _add_corrections(command: argparse.ArgumentParser, text: str) -> None:
    command.add_argument("--correct", action="append", default=[], metavar="YYYY-MM", help=text)


def _add_releases(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--releases",
        type=ForReleases,
        choices=list(ForReleases),
        default=ForReleases.KEEP,
        help="releases that hold it: keep (default), rewrite without it, or remove all but the current one, which "
        "is rewritten",
    )


def _run(options: argparse.Namespace) -> None:
    from pipelines.month.run import run_months

    folder, months, run_options = data_folder(options.data), _months(options), _run_options(options)
    began = time.perf_counter()
    with progress_display(len(months)) as display:
        published = run_months(folder, months, run_options, display)
    OUT.print(run_summary(published[-1], months))
    OUT.print(f"release {published[-1].path}", soft_wrap=True)
    OUT.print(f"{len(published)} of {len(months)} months in {time.perf_counter() - began:.1f} s")


def _run_options(options: argparse.Namespace) -> Options:
    """The settings of the installation, with the waivers and corrections that the command line gives."""
    if options.waive and not options.reason:
        raise UsageError("--waive needs --reason: say why")
    if options.correct and not options.reason:
        raise UsageError("--correct needs --reason: say why")
    for name in options.shard:
        if name not in shards():
            raise UsageError(f"--shard {name}: WAREHOUSE_SHARDS has no shard of this name")
    if options.reason and not (options.waive or options.correct):
        raise UsageError("--reason needs --waive or --correct: say what to waive, or which month to correct")
    return Options(
        read_settings(),
        Waivers.in_force(options.waive, options.reason if options.waive else None, dt.date.today(), _account()),
        Corrections.of_run(options.correct, options.reason, _account()),
        tuple(options.authority),
        tuple(options.shard),
    )


def _account() -> str:
    """The account of the person who gave the command, as the system knows it."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        # a user without an entry, as in a container
        return f"user {os.getuid()}"


def _months(options: argparse.Namespace) -> list[Month]:
    if options.month and (options.first or options.last):
        raise UsageError("give either --month, or --from and --to")
    if options.month:
        return [Month.parse(options.month)]
    if not (options.first and options.last):
        raise UsageError("give --month YYYY-MM, or --from YYYY-MM and --to YYYY-MM")
    months = list(months_between(Month.parse(options.first), Month.parse(options.last)))
    if not months:
        raise UsageError(f"--to {options.last} is before --from {options.first}")
    return months


def _feedback(options: argparse.Namespace) -> None:
    from pipelines.publish.feedback import feedback_with_lcs_ids

    folder = data_folder(options.data)
    if options.to and not options.with_lcs_ids:
        raise UsageError("--to needs --with-lcs-ids: without ids the lists are in the release")
    release = needed_release(folder)
    # after a correction of an earlier month, people still work with the newest lists
    newest = max(release.newest_months.values(), default=release.manifest["extract_month"])
    month = Month.parse(options.month or newest)
    if not options.with_lcs_ids:
        room = release.path / "restricted" / "feedback" / str(month)
        if not room.is_dir():
            raise BadInputError(f"the current release {release.id} has no correction lists for {month}")
        OUT.print(room, soft_wrap=True)
        return
    room = Path(options.to).expanduser() if options.to else folder.warehouse / "feedback" / str(month)
    written = feedback_with_lcs_ids(folder, month, room)
    lists = f"{written.records:,} records to correct and {written.rejected_rows:,} rejected rows"
    OUT.print(f"{lists}, with LCS ids: {room}", soft_wrap=True)


def _init(options: argparse.Namespace) -> None:
    from pipelines.watch.new_folder import make_new_folder

    folder = data_folder(options.data)
    for path in make_new_folder(folder, options.authority or options.la_code or _asked_for_code()):
        OUT.print(f"made      {path}", soft_wrap=True)
    _check(options)


def _asked_for_code() -> str:
    """The code that a person types. Raises UsageError where there is no terminal to ask at."""
    if not sys.stdin.isatty():
        raise UsageError("give the authority's code: `warehouse init LA_CODE`, three digits such as 330")
    return input("code of the authority (three digits, such as 330): ").strip()


def _check(options: argparse.Namespace) -> None:
    from pipelines.watch.checklist import checklist

    items = checklist(data_folder(options.data))
    _say(items.lines())
    if items.faults:
        raise BadInputError(f"faults that stop a run: {len(items.faults)}, listed above")


def _status(options: argparse.Namespace) -> None:
    from pipelines.watch import status, status_lines

    facts = status(data_folder(options.data), dt.datetime.now(dt.UTC))
    if options.json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    _say(status_lines(facts))


def _explain(options: argparse.Namespace) -> None:
    from pipelines.dictionary import dictionary_of, explain
    from pipelines.dictionary.indicators import indicators

    folder = data_folder(options.data)
    month = Month.parse(options.month) if options.month else None
    if options.name is None:
        if month is not None:
            raise UsageError("--month: give the indicator, too: `warehouse explain` lists them")
        known = indicators().values()
        width = max(len(indicator.id) for indicator in known)
        _say([f"{indicator.id:<{width}}  {indicator.name}" for indicator in known])
        return
    release = current_release(folder)
    _say(explain(dictionary_of(folder), options.name, release.path if release else None, month))


def _rekey(options: argparse.Namespace) -> None:
    from pipelines.privacy.rekey import rekey, what_to_rekey

    folder = _one_working_file(options, "rekey")
    with only_run(folder, "`warehouse rekey`"), storage_faults_as_lines(folder):
        _say(what_to_rekey(folder).lines(options.releases))
        if options.yes:
            _say(rekey(folder, options.releases))
    OUT.print("done" if options.yes else "nothing was changed: --yes carries it out")


def _forget(options: argparse.Namespace) -> None:
    from pipelines.privacy.forget import forget, what_to_forget

    folder = _one_working_file(options, "forget")
    with only_run(folder, "`warehouse forget`"), storage_faults_as_lines(folder):
        forgetting = what_to_forget(folder, options.older_than, _register(folder))
        _say(forgetting.lines(options.releases))
        if options.yes:
            _say(forget(folder, forgetting, options.releases))
    OUT.print("done" if options.yes else "nothing was removed: --yes carries it out")


def _one_working_file(options: argparse.Namespace, command: str) -> DataFolder:
    """The data folder of a command that changes the working file. Raises UsageError where shards have several."""
    folder = data_folder(options.data)
    if folder.shards:
        raise UsageError(
            f"`warehouse {command}` does not work with shards yet: docs/scale.md says what to do instead"
        )
    return folder


def _register(folder: DataFolder) -> dict[str, TableEntry]:
    return table_register(manifest_path(folder))


def _rebuild(options: argparse.Namespace) -> None:
    from pipelines.history import rebuild, what_to_rebuild

    if options.reason and not options.correct:
        raise UsageError("--reason needs --correct: say which month to correct")
    folder, run_options = _one_working_file(options, "rebuild"), _run_options(options)
    with only_run(folder, "`warehouse rebuild`"):
        plan = what_to_rebuild(folder)
        run_options.corrections.refuse_months_not_run(plan.months)
        _say(plan.lines())
        if options.yes:
            with progress_display(len(plan.months)) as display:
                rebuild(folder, plan, run_options, display)
    if options.yes:
        OUT.print("done")
    else:
        then = "needs the missing drops first" if plan.missing else "carries it out"
        OUT.print(f"nothing was changed: --yes {then}")


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        OUT.print(printable(line), soft_wrap=True)


def _releases(options: argparse.Namespace) -> None:
    folder = data_folder(options.data)
    known, damaged = releases(folder), damaged_releases(folder)
    if known or damaged:
        OUT.print(releases_table(known, current_release(folder), damaged))
    else:
        OUT.print("there is no release yet")


def _rollback(options: argparse.Namespace) -> None:
    folder = data_folder(options.data)
    with only_run(folder, "`warehouse rollback`"):
        release = roll_back(folder, options.release_id)
    OUT.print(f"latest is {release.path}", soft_wrap=True)
    if release.is_of_earlier_version:
        ERR.print(
            f"warning: {release.id} was written by an earlier version: do not hand it out beside newer releases. "
            "The two ways of suppression together reveal more than each alone",
            soft_wrap=True,
        )


if __name__ == "__main__":
    sys.exit(main())
