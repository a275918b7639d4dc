"""`warehouse init`: the folders of a new installation, its settings file and a page about its reference files.

Belongs here: what is written once. What is there already stays as it is.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pipelines.errors import BadInputError, UsageError
from pipelines.known_words import shown_folder_name
from pipelines.reference import ReferenceFile, reference_register
from pipelines.reference.authorities import authorities
from pipelines.settings import DataFolder
from pipelines.settings_file import NAME, settings_template
from pipelines.warehouse_file import make_private_folder

README = "README.md"
_TOP = """\
# Reference files

Put a csv file with one of these names here to change what is shipped. A run reads it; `warehouse check` says what
is wrong with it. The population file of the Office for National Statistics can lie here as downloaded, under any
name.
"""


def make_new_folder(folder: DataFolder, la_code: str) -> list[Path]:
    """Makes what is missing in the data folder of an authority, and returns what was made.

    Raises UsageError for a code that is no English authority's, BadInputError where a folder cannot be written to.
    """
    if la_code not in authorities():
        code = shown_folder_name(la_code)
        raise UsageError(f"no English authority has the code {code} (three digits, such as 330){_near(la_code)}")
    folders = (folder.lcs / la_code, folder.comparators, folder.reference, folder.commentary / la_code)
    files = {folder.root / NAME: settings_template(), folder.reference / README: reference_page()}
    made = [path for path in (*folders, *files) if not path.exists()]
    try:
        for path in folders:
            path.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            if path in made:
                path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise BadInputError(f"cannot write {fault.filename}: {fault.strerror}") from fault
    make_private_folder(folder.warehouse)
    return made


def _near(text: str) -> str:
    """The code of the authority whose name is nearest."""
    codes = {name.lower(): code for code, name in authorities().items()}
    near = get_close_matches(text.lower(), codes, n=1, cutoff=0.6)
    return f"; {authorities()[codes[near[0]]]} is {codes[near[0]]}" if near else ""


def reference_page() -> str:
    """Every file of the register: its columns, an example, what it replaces, and what its absence costs."""
    return _TOP + "".join("\n" + "".join(_section(entry)) for entry in reference_register().values())


def _section(entry: ReferenceFile) -> Iterator[str]:
    yield f"## {entry.file}: {entry.title}\n\n"
    for name, column in entry.columns.items():
        notes = [*([column.meaning] if column.meaning else []), *(["may be empty"] if column.optional else [])]
        yield f"* `{name}` ({column.type}){': ' if notes else ''}{'; '.join(notes)}\n"
    yield f"\nReplaces {entry.replaces}.\n\nWithout it: {entry.without}.\n"
    yield f"\n```\n{entry.header}\n{entry.example}\n```\n"
