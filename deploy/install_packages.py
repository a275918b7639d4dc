"""Installs this checkout and its locked packages into the running environment, and shows how far that is.

`python deploy/install_packages.py requirements.lock`. What pip says goes to `pip.log` in the environment.
"""

import re
import subprocess
import sys
import sysconfig
import time
from compileall import compile_dir
from pathlib import Path

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off")
NOT_COMPILED = "--no-compile"
"""pip compiles with one core; here all of them do it."""
LOCKED = ("--require-hashes", "--requirement")
CHECKOUT = ("--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
LAST_LINES = 12
SECONDS_BETWEEN_LINES = 10
"""Where the output is no terminal. A terminal has one line, which is written anew."""


def main() -> int:
    """Installs what the lock file names that is given. Returns the exit status of pip."""
    lock, log, began = Path(sys.argv[1]), Path(sys.prefix) / "pip.log", time.monotonic()
    locked = sum(line[:1].isalnum() for line in lock.read_text(encoding="utf-8").splitlines())
    print(
        f"set-up: installs the packages of {lock} into {sys.prefix}: a minute or two on a fast network", flush=True
    )
    is_terminal, shown = sys.stdout.isatty(), began
    with log.open("wb") as output:
        pip = subprocess.Popen([*PIP, NOT_COMPILED, *LOCKED, str(lock)], stdout=output, stderr=subprocess.STDOUT)
        while pip.poll() is None:
            time.sleep(1)
            if is_terminal or time.monotonic() - shown >= SECONDS_BETWEEN_LINES:
                print("\r\033[K" if is_terminal else "", end="")
                print(f"set-up: {how_far(log, locked)}", end="" if is_terminal else "\n", flush=True)
                shown = time.monotonic()
    if is_terminal:
        print()
    if pip.returncode:
        print(*log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:], sep="\n")
        print(f"set-up: pip failed: all that it said is in {log}. Run make again when that is mended")
        return pip.returncode
    compile_dir(sysconfig.get_path("purelib"), quiet=2, workers=0)
    checkout = subprocess.run([*PIP, *CHECKOUT], check=False)
    print(f"set-up: took {time.monotonic() - began:.0f} s", flush=True)
    return checkout.returncode


def how_far(log: Path, locked: int) -> str:
    """How many packages pip has found, or once it installs, which takes it a silent minute, how many are there."""
    said = log.read_text(encoding="utf-8", errors="replace")
    needed = locked - len(re.findall(r"^Ignoring ", said, re.MULTILINE))
    if "Installing collected packages" in said:
        there = len(list(Path(sysconfig.get_path("purelib")).glob("*.dist-info")))
        return f"{min(there, needed)} of {needed} packages are installed"
    names = re.findall(r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)", said, re.MULTILINE)
    return f"{len(set(names))} of {needed} packages are downloaded{f', now {names[-1]}' if names else ''}"


if __name__ == "__main__":
    sys.exit(main())
