"""The cache of suppression decisions: a release does not decide again what an earlier one decided.

A decision is kept under a digest of all its inputs and of the code. If something changes, it is decided anew. The
folder may be deleted at any time. Belongs here: the digest and the files. Does not belong here: any decision.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from pipelines.publish.disclosure.suppression import Hidden
from pipelines.warehouse_file import make_private_folder, write_for_owner


class DecisionCache:
    """Decisions in a folder; without a folder nothing is cached."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.used: set[str] = set()

    def decision(self, inputs: list[object], decide: Callable[[], Hidden]) -> Hidden:
        """The decision for `inputs`, from the cache or else from `decide`.

        Inputs are arrays, or objects whose `repr` has all of their content.
        """
        if self.folder is None:
            return decide()
        name = f"{_digest(inputs)}.npy"
        self.used.add(name)
        path = self.folder / name
        try:
            return Hidden(np.load(path))
        except (OSError, ValueError, EOFError):
            decision = decide()
            make_private_folder(self.folder)
            content = BytesIO()
            np.save(content, decision.marks)
            write_for_owner(path, content.getvalue())
        return decision

    def keep_used_only(self) -> None:
        """Removes the decisions that this release did not use."""
        for path in self.folder.glob("*.npy") if self.folder else ():
            if path.name not in self.used:
                path.unlink(missing_ok=True)


def _digest(inputs: list[object]) -> str:
    digest = hashlib.sha256(_digest_of_code())
    for value in inputs:
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.hexdigest()


@cache
def _digest_of_code() -> bytes:
    """A digest of the code that decides, and of the version of numpy."""
    digest = hashlib.sha256(np.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
