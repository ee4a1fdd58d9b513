"""Tasks beside one another, and tasks of tasks one after the other."""

import threading

import numpy as np
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info, threadpool_limits

from seg_utils.core import threads


@pytest.mark.parametrize("cores", [1, 2])
def test_results_come_in_the_order_of_the_tasks(cores, monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: cores)
    assert threads.parallel(lambda task: task * task, range(20)) == [task * task for task in range(20)]


def test_who_waits_is_told_of_each_task_that_is_done_in_its_own_thread():
    counted = []
    threads.parallel(abs, range(5), lambda count: counted.append((count, threading.get_ident())))
    assert counted == [(count, threading.get_ident()) for count in range(1, 6)]


def test_of_many_tasks_no_more_are_taken_than_there_are_cores(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 2)
    taken = []
    results = threads.streamed(lambda task: task * task, (taken.append(task) or task for task in range(7)))
    assert [(result, len(taken)) for result in results] == [(0, 2), (1, 2), (4, 4), (9, 4), (16, 6), (25, 6), (36, 7)]


def test_tasks_of_a_task_run_in_its_own_thread():
    def inner(task: int) -> int:
        return threading.get_ident()

    used = threads.parallel(lambda task: (inner(task), *threads.parallel(inner, range(3))), range(4))
    assert all(len(set(idents)) == 1 for idents in used)
    assert threading.get_ident() not in used[0]
    assert threads.parallel(inner, [0]) != [threading.get_ident()], "and beside one another again afterwards"


def test_an_error_in_a_task_is_raised():
    with pytest.raises(ZeroDivisionError):
        threads.parallel(lambda task: 1 // task, [1, 0])


def test_a_task_computes_on_one_core_and_what_follows_does_not():
    def of_blas() -> set[int]:
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    KMeans(2, n_init=1).fit(np.eye(4))  # every library with threads of its own is there
    with threadpool_limits(2):
        assert set().union(*threads.parallel(lambda task: of_blas(), range(4))) == {1}
        assert of_blas() == {2}
