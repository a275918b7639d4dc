"""What was decided of an extract, kept so that the next release need not search for it again.

A decision is kept under a digest of everything that it was made from, the code included: what has changed is
decided anew, and a decision can be thrown away at any time. Belongs here: that digest and the files. Does not
belong here: any decision.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from pipelines.publish.disclosure.tree import Bools
from pipelines.warehouse_file import make_private_folder, write_for_owner


class Decisions:
    """The decisions in a folder; none are kept where there is no folder."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.used: set[str] = set()

    def of(self, given: list[object], decide: Callable[[], Bools]) -> Bools:
        """What is decided of `given`: arrays, and whatever else has a `repr` that tells all of it."""
        if self.folder is None:
            return decide()
        digest = hashlib.sha256(_code())
        for one in given:
            if isinstance(one, np.ndarray):
                digest.update(f"{one.dtype}{one.shape}".encode() + one.tobytes())
            else:
                digest.update(repr(one).encode())
        name = f"{digest.hexdigest()}.npy"
        self.used.add(name)
        path = self.folder / name
        try:
            found: Bools = np.load(path)
        except (OSError, ValueError, EOFError):
            found = decide()
            make_private_folder(self.folder)
            content = BytesIO()
            np.save(content, found)
            write_for_owner(path, content.getvalue())
        return found

    def keep_used_only(self) -> None:
        """Removes the decisions that nobody asked for."""
        for path in self.folder.glob("*.npy") if self.folder else ():
            if path.name not in self.used:
                path.unlink(missing_ok=True)


@cache
def _code() -> bytes:
    """A digest of the code that decides, and of numpy."""
    digest = hashlib.sha256(np.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
