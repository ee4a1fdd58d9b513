"""Both cores for tasks in Python: copies of this process, since threads would wait for one interpreter lock."""

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from seg_utils.core import threads
from seg_utils.core.errors import UserError
from seg_utils.core.threads import FORKS, Result, Task

# Of Linux's prctl: the signal that a process gets when the one that it is a copy of ends
PR_SET_PDEATHSIG = 1


def in_processes(
    function: Callable[[Task], Result], tasks: Sequence[Task], finished: Callable[[int], None] = lambda count: None
) -> list[Result]:
    """``threads.parallel`` for tasks that take a second or so, much of it in Python: same results, in the same order.

    A copy sees what this process holds; what a task changes stays in the copy, and its result is pickled. Threads where
    the system does not fork safely, and one task after the other in a task of others.

    Raises:
        UserError: a copy was ended from outside.
    """
    workers = min(threads.cores(), len(tasks))
    if not FORKS or workers < 2 or threads.inside():
        return threads.parallel(function, tasks, finished)
    results: list[Result] = []
    context, given = multiprocessing.get_context("fork"), (function, os.getpid())
    try:
        with ProcessPoolExecutor(workers, context, _begin, given) as pool:
            for result in pool.map(_result, tasks):
                results.append(result)
                finished(len(results))
    except BrokenProcessPool:
        raise UserError("a process was ended from outside, for want of memory perhaps; run again") from None
    return results


_worker: dict[str, Callable[[Any], Any]] = {}


def _begin(function: Callable[[Any], Any], parent: int) -> None:
    """Make this copy one that computes on one core, ends with its parent, and leaves interrupts to it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # which ended before
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threads.stay_on_one_core()
    _worker["function"] = function


def _result(task: Any) -> Any:
    return _worker["function"](task)
