"""The cache of suppression decisions: a release does not decide again what an earlier one decided.

The answer for an extract is kept under a digest of all its inputs and of the code. If something changes, it is
decided anew. The folder may be deleted at any time. Belongs here: the digest and the files. Does not belong here:
any decision.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
import polars as pl

from pipelines.publish.disclosure.suppression import Bools
from pipelines.warehouse_file import make_private_folder, write_for_owner


class Answer(NamedTuple):
    """What is hidden of an extract: the rows of `hidden_figures`, and the tables (count, month, level)."""

    rows: pl.DataFrame
    tables: Bools


class DecisionCache:
    """Answers in a folder; without a folder nothing is cached."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.used: set[str] = set()

    def answer(
        self,
        inputs: Sequence[object],
        published: pl.DataFrame | None,
        decide: Callable[[], Answer],
        is_as_published: Callable[[pl.DataFrame, pl.DataFrame], bool],
    ) -> Answer:
        """The answer for `inputs` and what the previous release hides, from the cache or else from `decide`.

        Inputs are arrays, tables, or objects whose `repr` has all of their content. `is_as_published` says whether
        the rows of an answer are just those that are hidden in `published`: then they have their proof already.
        """
        if self.folder is None:
            return decide()
        name = _digest(inputs)
        path = self.folder / f"{name}-{_digest([published])}.npz"
        answer = _read(path)
        if answer is None:
            if published is not None:
                kept = map(_read, sorted(self.folder.glob(f"{name}-*.npz")))
                answer = next((own for own in kept if own and is_as_published(own.rows, published)), None)
            answer = answer or decide()
            make_private_folder(self.folder)
            write_for_owner(path, _as_bytes(answer))
        self.used.add(path.name)
        return answer

    def keep_used_only(self) -> None:
        """Removes the answers that this release did not use, and those of earlier versions."""
        for path in self.folder.glob("*.np[yz]") if self.folder else ():
            if path.name not in self.used:
                path.unlink(missing_ok=True)


def _read(path: Path) -> Answer | None:
    try:
        with np.load(path) as kept:
            return Answer(pl.read_ipc(BytesIO(kept["rows"].tobytes())), kept["tables"])
    except (OSError, ValueError, EOFError, KeyError, BadZipFile, pl.exceptions.PolarsError):
        return None


def _as_bytes(answer: Answer) -> bytes:
    rows, content = BytesIO(), BytesIO()
    answer.rows.write_ipc(rows)
    np.savez_compressed(content, rows=np.frombuffer(rows.getvalue(), np.uint8), tables=answer.tables)
    return content.getvalue()


def _digest(inputs: Sequence[object]) -> str:
    digest = hashlib.sha256(_digest_of_code())
    for value in inputs:
        if isinstance(value, pl.DataFrame):
            # the order of rows does not matter
            digest.update(repr(value.schema).encode() + np.sort(value.hash_rows().to_numpy()).tobytes())
        elif isinstance(value, np.ndarray):
            digest.update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.hexdigest()


@cache
def _digest_of_code() -> bytes:
    """A digest of the code that decides, and of the versions of numpy and polars."""
    digest = hashlib.sha256(f"{np.__version__} {pl.__version__}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
