"""Compares the thirteen-month demo of this checkout with that of another, in seconds per million rows loaded.

`python bench/against.py OTHER_CHECKOUT` runs each with its own sample, in turns, and prints the ratio of this
checkout to the other. Both run in the interpreter of this file, so the other checkout must work with the packages
of this one.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent
FIRST, LAST = "2018-08", "2019-08"
TURNS = 1
MANIFEST = "manifest.json"


def seconds_per_million_rows(checkout: Path) -> float:
    """Wall-clock seconds of running and publishing thirteen months, per million rows loaded.

    Raises CalledProcessError if a command fails.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        _warehouse(checkout, "sample", "--data", folder)
        began = time.perf_counter()
        _warehouse(checkout, "run", "--data", folder, "--from", FIRST, "--to", LAST)
        seconds = time.perf_counter() - began
        return seconds / _rows_loaded(Path(folder)) * 1_000_000


def _warehouse(checkout: Path, *arguments: str) -> None:
    command = "import sys; from pipelines.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run(
        [sys.executable, "-c", command, *arguments],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _rows_loaded(data: Path) -> int:
    latest = data / "marts" / "latest"
    # an earlier checkout has one manifest only
    path = next(path for path in (latest / "restricted" / MANIFEST, latest / MANIFEST) if path.is_file())
    manifest = json.loads(path.read_text(encoding="utf-8"))
    return sum(file["rows_loaded"] for drop in manifest["drops"] for file in drop["files"])


def main() -> None:
    """Prints the seconds of every turn, and the ratio of the fastest ones."""
    other = Path(sys.argv[1]).resolve()
    timings: dict[Path, list[float]] = {other: [], HERE: []}
    for _ in range(TURNS):
        for checkout, seconds in timings.items():
            seconds.append(seconds_per_million_rows(checkout))
    for words, checkout in (("other", other), ("this", HERE)):
        print(f"{words}: {', '.join(f'{each:.1f}' for each in timings[checkout])} s per million rows loaded")
    print(f"this is {min(timings[HERE]) / min(timings[other]):.2f} times the other")


if __name__ == "__main__":
    main()
