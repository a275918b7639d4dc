"""Finds files in the data folder that no run reads, and says what each looks like.

Belongs here: where a run looks, and what lies elsewhere. Does not belong here: by what a layout is known
(`recognise`), files of a drop that fit no contract when the drop is read (`month_ingest`).
"""

import contextlib
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.calendar import Month
from pipelines.errors import UsageError, WarehouseError
from pipelines.ingest.drops import MARK, FoundDrop, find_files
from pipelines.ingest.recognise import DROP, Likeness, likeness
from pipelines.input_files import InputFileError, is_hidden
from pipelines.known_words import shown_file_name, shown_folder_name
from pipelines.reading.file_checks import UnreadableError
from pipelines.settings import DataFolder, input_limits

if TYPE_CHECKING:
    from pipelines.reading.file_outline import FileOutline
    from pipelines.reading.reader import FileReader, TakenFile

NOT_READ = "_NOT_READ"
"""Name of an empty file in a folder that is meant for no run: nothing below it is named."""
MOST_NAMED = 20
"""Most files that are named; of the others a line says how many they are."""
MOST_WALKED = 2000
_LIKE_A_MONTH = re.compile(r"\d{4}(-\d{2})?")
_OUR_WORDS = ("annex_a", "ssda903", "cin_census", "lcs", "raw")
_DATA = (".csv", ".csv.gz", ".tsv", ".parquet", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xml", ".zip")
"""How the names of files end that may be a drop. Outside `raw/` no other is looked at."""
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "__macosx")


@dataclass(frozen=True)
class _UnreadFile:
    """A file that no run reads, or a folder, which has a remedy. `root`: below it, no link is followed."""

    root: Path
    path: Path
    remedy: str = ""


def unread_lines(folder: DataFolder) -> list[str]:
    """A line for each file that lies where no run reads, with what it looks like; the first only, if many."""
    files = list(itertools.islice(_unread_files(folder), MOST_WALKED))
    with _reader(folder, files) as reader:
        lines = [_line(folder, file, reader) for file in files[:MOST_NAMED]]
    others = len(files) - len(lines)
    return [*lines, *([f"{others:,} more files lie where no run reads"] if others else [])]


def stray_lines(folder: DataFolder, la_code: str, month: Month) -> list[str]:
    """A line for each file of a drop that fits no contract, before a run has read the drop."""
    drop = find_files(folder, folder.lcs / la_code / str(month), month)
    with _reader(folder, drop.strays) as reader:
        return [stray_line(drop, path, looks_like(reader, folder.lcs, path)) for path in drop.strays]


@contextlib.contextmanager
def _reader(folder: DataFolder, files: Sequence[object]) -> "Iterator[FileReader | None]":
    """A reader where there are files; None for who may not write to the data folder, as a reader does."""
    with contextlib.ExitStack() as stack:
        reader = None
        if files:
            from pipelines.reading.reader import file_reader  # noqa: PLC0415  slow to import, and few have files

            with contextlib.suppress(OSError, WarehouseError):
                reader = stack.enter_context(file_reader(folder, input_limits()))
        yield reader


def stray_line(drop: FoundDrop, path: Path, alike: Likeness | None) -> str:
    """Names a file of the drop that fits no contract, with what it looks like."""
    text = "no contract for this file, not loaded"
    if path.is_dir():
        return drop.line(f"{text}: it is a folder, and a run reads only files of the month's folder", path.name)
    if alike is not None and alike.object in drop.files:
        other = drop.files[alike.object].name
        return drop.line(f"{text}: this looks like {alike.what}, and the drop has {other}", path.name)
    return drop.line(f"{text}{f': {alike}' if alike else ''}", path.name)


def looks_like(reader: "FileReader | None", root: Path, path: Path) -> Likeness | None:
    """What the file looks like; None where nothing is known of it, or there is no reader."""
    try:
        file = reader.take(root, path) if reader else None
    except (InputFileError, OSError):
        file = None
    if file is None:
        return None
    try:
        return likeness_of_file(file)
    finally:
        file.remove()


def likeness_of_file(
    file: "TakenFile", recognised: "Callable[[FileOutline], Likeness | None]" = likeness
) -> Likeness | None:
    """What a copy that was taken looks like; None where nothing is known of it."""
    try:
        return recognised(file.outline())
    except (UnreadableError, WarehouseError, OSError):
        return None


def _unread_files(folder: DataFolder) -> Iterator[_UnreadFile]:
    """Files outside of the folders that the product reads or writes, and in folders of `raw/lcs` of no month."""
    raw = folder.lcs.parent
    for path in _listed(folder.root, but=(raw, folder.warehouse, folder.releases.parent)):
        below = (file for file in _files_below(path) if file.name.lower().endswith(_DATA))
        yield from (_UnreadFile(folder.root, file) for file in below)
    for path in _listed(raw, but=(folder.lcs, folder.comparators, folder.reference, folder.commentary)):
        root = path if path.is_dir() else raw
        yield from (_UnreadFile(root, file) for file in _files_below(path))
    for authority in _listed(folder.lcs):
        for path in _listed(authority) if authority.is_dir() else [authority]:
            is_month = path.is_dir() and _is_month(path.name)
            files = [] if is_month else [_UnreadFile(folder.lcs, file) for file in _files_below(path)]
            if path.is_dir() and files:
                yield _UnreadFile(folder.lcs, path, "a month's folder is named YYYY-MM, such as 2024-03")
            yield from files


def _line(folder: DataFolder, file: _UnreadFile, reader: "FileReader | None") -> str:
    *folders, name = file.path.relative_to(folder.root).parts
    shown = [*map(_shown_folder, folders), (_shown_folder if file.remedy else shown_file_name)(name)]
    where = "/".join(shown)
    if file.remedy:
        return f"{where}: no run reads this folder: {file.remedy}"
    alike = looks_like(reader, file.root, file.path)
    return f"{where}: no run reads this file: {alike or f'a run reads {DROP}'}"


def _shown_folder(name: str) -> str:
    return name if name in _OUR_WORDS or _LIKE_A_MONTH.fullmatch(name) else shown_folder_name(name)


def _is_month(name: str) -> bool:
    try:
        return str(Month.parse(name)) == name
    except UsageError:
        return False


def _listed(path: Path, but: Collection[Path] = ()) -> list[Path]:
    """What people see in a folder that a run may look into, without the folders of `but`."""
    try:
        paths = sorted(path.iterdir())
    except OSError:
        return []
    if any(child.name == NOT_READ for child in paths):
        return []
    return [
        child
        for child in paths
        if child not in but and not is_hidden(child) and child.name.lower() not in {MARK.lower(), *_SYSTEM_FILES}
    ]


def _files_below(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for child in _listed(path):
        yield from _files_below(child)
