"""Tasks in copies of a process: the same results, and none is left behind."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info, threadpool_limits

from seg_utils.core import processes, threads
from seg_utils.core.errors import UserError

pytestmark = pytest.mark.skipif(not processes.FORKS, reason="processes are forked on Linux alone")


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 2)


def test_results_come_in_the_order_of_the_tasks_and_each_is_told_of():
    counted, offset = [], 100
    assert processes.in_processes(lambda task: offset + task, range(5), counted.append) == [100, 101, 102, 103, 104]
    assert counted == [1, 2, 3, 4, 5]


def test_a_task_runs_in_a_copy_that_computes_on_one_core():
    changed = []

    def look(task: int) -> tuple[int, set[int], list[int]]:
        changed.append(task)
        return os.getpid(), {pool["num_threads"] for pool in threadpool_info()}, threads.parallel(_pid, range(3))

    KMeans(2, n_init=1).fit(np.eye(4))  # every library with threads of its own is there
    with threadpool_limits(2):
        looks = processes.in_processes(look, [1, 2])
    assert not changed
    assert all(pid != os.getpid() and counts == {1} and inner == [pid] * 3 for pid, counts, inner in looks)


def test_tasks_of_a_task_make_no_copies():
    assert threads.parallel(lambda task: processes.in_processes(_pid, [1, 2]), [0]) == [[os.getpid()] * 2]


@pytest.mark.parametrize(("cores", "tasks"), [(1, 3), (2, 1), (2, 0)])
def test_one_core_or_one_task_makes_no_copies(cores, tasks, monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: cores)
    assert processes.in_processes(_pid, range(tasks)) == [os.getpid()] * tasks


def test_an_error_in_a_task_is_raised_as_it_is():
    with pytest.raises(UserError, match="no such segment 1"):
        processes.in_processes(_refuse, [0, 1])


def test_a_copy_that_is_ended_from_outside_is_said():
    with pytest.raises(UserError, match="ended from outside, for want of memory perhaps; run again"):
        processes.in_processes(lambda task: os.kill(os.getpid(), signal.SIGKILL), [0, 1])


def test_copies_end_with_a_process_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", _SLEEPS], stdout=subprocess.PIPE, text=True)
    with parent.stdout as told:
        copies = [int(told.readline()) for _ in range(2)]
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while any(map(_runs, copies)) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = [copy for copy in copies if _runs(copy)]
    for copy in left:
        os.kill(copy, signal.SIGKILL)
    assert not left


_SLEEPS = """
import os, time
from seg_utils.core import processes, threads

def sleep(task):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(60)

threads.cores = lambda: 2
processes.in_processes(sleep, [0, 1])
"""


def _pid(task: int) -> int:
    return os.getpid()


def _refuse(task: int) -> None:
    if task:
        raise UserError(f"no such segment {task}")


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
