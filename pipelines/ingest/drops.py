"""Finds the drops of a month: which authorities delivered, and which file is which object.

Belongs here: names of folders and files. Does not belong here: what is inside a file.
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.calendar import Month
from pipelines.contracts import contracts
from pipelines.errors import BadInputError
from pipelines.ingest.drop_results import DropFault, Refusal
from pipelines.input_files import is_hidden, is_link
from pipelines.known_words import shown_file_name, shown_folder_name
from pipelines.reading import ENDINGS
from pipelines.reference.authorities import authorities
from pipelines.settings import DataFolder

MARK = "_SUCCESS"
"""Name of the empty file that is written last, when a drop is complete."""


@dataclass(frozen=True)
class FoundDrop:
    """The files of one authority's month. `files` by object; `strays` are files without a contract."""

    la_code: str
    month: Month
    files: dict[str, Path]
    strays: tuple[Path, ...]
    faults: tuple[DropFault, ...]

    @property
    def is_known(self) -> bool:
        """Whether the folder is named after an authority."""
        return self.la_code in authorities()

    @property
    def shown_code(self) -> str:
        """The name of the authority's folder as a message shows it."""
        return shown_folder_name(self.la_code)

    def fault(self, rule: Refusal, text: str, file: str | None = None) -> DropFault:
        """A reason to refuse this drop, with its message."""
        return DropFault(rule, self.line(text, file), _shown(file) if file else None)

    def line(self, text: str, file: str | None = None) -> str:
        """A message that names authority, month and, where given, the file."""
        where = f"{self.shown_code} {self.month}"
        return f"{where} {_shown(file)}: {text}" if file else f"{where}: {text}"


def _shown(name: str) -> str:
    """The name of a file as a message and a finding show it: as it is if it is that of an object."""
    return name if object_name(Path(name)) in contracts() else shown_file_name(name)


def find_drops(folder: DataFolder, month: Month) -> list[FoundDrop]:
    """The drops of a month by authority; one whose folder cannot be read has a fault. Raises BadInputError when
    there is no drop."""
    try:
        paths = sorted(folder.lcs.glob(f"*/{month}")) if folder.lcs.is_dir() else []
        own = [path for path in paths if folder.has_authority(path.parent.name) and not is_hidden(path.parent)]
        drops = [find_files(folder, path, month) for path in own if path.is_dir()]
    except OSError as fault:
        raise BadInputError(f"cannot read the folder {folder.lcs}: {fault.strerror}") from fault
    if not drops:
        raise BadInputError(f"no drop of {month} was found: looked for {folder.lcs}/<la_code>/{month}/")
    return drops


def find_files(folder: DataFolder, path: Path, month: Month) -> FoundDrop:
    """The files of one authority's folder of a month."""
    la_code = path.parent.name
    if la_code not in authorities():
        where = f"{shown_folder_name(la_code)} {month}"
        line = f"{where}: a folder for an authority that is not known (three digits, such as 888)"
        return FoundDrop(la_code, month, {}, (), (DropFault(Refusal.AUTHORITY_UNKNOWN, line),))
    by_object: dict[str, list[Path]] = {}
    strays: list[Path] = []

    def unread(line: str) -> FoundDrop:
        return FoundDrop(
            la_code, month, {}, (), (DropFault(Refusal.FILE_UNREADABLE, f"{la_code} {month}: {line}"),)
        )

    if is_link(folder.lcs, path):
        return unread("its folder is a link: put the folder itself there")
    try:
        files = sorted(file for file in path.iterdir() if not is_hidden(file) and file.name != MARK)
    except OSError as fault:
        return unread(f"its folder cannot be read: {fault.strerror}")
    for file in files:
        name = object_name(file)
        if name in contracts() and not file.is_dir():
            by_object.setdefault(name, []).append(file)
        else:
            strays.append(file)
    faults = tuple(
        DropFault(
            Refusal.OBJECT_DELIVERED_TWICE,
            f"{la_code} {month} {name}: delivered more than once: "
            f"{', '.join(_shown(file.name) for file in files)}",
            name,
        )
        for name, files in sorted(by_object.items())
        if len(files) > 1
    )
    return FoundDrop(
        la_code, month, {name: files[0] for name, files in sorted(by_object.items())}, tuple(strays), faults
    )


def column_names(file: Path) -> list[str]:
    """The columns of the object that a file is named after; empty for a file of no object."""
    known = contracts().get(object_name(file) or "")
    return [column.name for column in known.columns] if known else []


def object_name(file: Path) -> str | None:
    """The object that a file is named after, or None where files with its ending are not read."""
    name = file.name.lower()
    for ending in ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return None
