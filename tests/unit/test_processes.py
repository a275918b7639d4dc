"""Work that many authorities share among processes."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipelines.processes import FEW, each_alone, processes_sharing, spread

MANY = range(FEW + 1)
_A_RUN_THAT_WAITS = f"""
import time
from pipelines.processes import spread
if __name__ == "__main__":
    list(spread(time.sleep, [600] * {len(MANY)}))
"""


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_many_items_are_worked_on_in_other_processes_with_results_in_their_order():
    results = list(spread(_with_process, MANY))
    assert [item for item, _, _ in results] == list(MANY)
    assert os.getpid() not in {process for _, process, _ in results}
    assert {sharing for _, _, sharing in results} == {2}


def test_a_few_items_are_worked_on_in_this_process():
    assert list(spread(_with_process, MANY[:FEW])) == [(item, os.getpid(), 1) for item in MANY[:FEW]]


def test_workers_that_are_set_share_a_few_items():
    assert os.getpid() not in {process for _, process, _ in spread(_with_process, MANY[:2], workers=2)}
    assert [process for _, process, _ in spread(_with_process, MANY[:2], workers=1)] == [os.getpid()] * 2


def test_an_item_whose_process_is_killed_takes_no_other_with_it():
    assert dict(each_alone(_killed_if_odd, [1, 2], workers=2)) == {1: None, 2: 2}


def test_a_fault_of_an_item_is_raised_where_the_results_are_read():
    with pytest.raises(ZeroDivisionError):
        list(spread(_one_divided_by, MANY))


def test_the_processes_end_with_a_run_that_is_killed(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(_A_RUN_THAT_WAITS, encoding="utf-8")
    run = subprocess.Popen([sys.executable, str(script)], start_new_session=True)
    try:
        _wait_until(lambda: len(_processes_of(run.pid)) > 2)
        run.kill()
        run.wait()
        _wait_until(lambda: not _processes_of(run.pid))
    finally:
        for process in _processes_of(run.pid):
            os.kill(process, signal.SIGKILL)


def _killed_if_odd(item: int) -> int:
    if item % 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def _with_process(item: int) -> tuple[int, int, int]:
    return item, os.getpid(), processes_sharing()


def _one_divided_by(number: int) -> float:
    return 1 / number


def _processes_of(session: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def _wait_until(is_so) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, "it did not become so within 30 seconds"
        time.sleep(0.05)
