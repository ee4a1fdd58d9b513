"""Both cores without losing a bit: independent tasks in a thread pool, each one single-threaded inside.

The number of threads inside a task changes the last bits of an inertia; the number of tasks at a time does not.
scikit-learn's K-Means releases the interpreter lock, so threads suffice and nothing has to be copied.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Task = TypeVar("Task")
Result = TypeVar("Result")

LATE = ("scipy.linalg", "sklearn")  # what brings threads of its own when it is imported, beside numpy


# Whether a process may go on in a copy of itself: macOS's own libraries do not survive a fork once they are in use
FORKS = sys.platform == "linux"


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_busy = threading.local()


def parallel(
    function: Callable[[Task], Result], tasks: Iterable[Task], finished: Callable[[int], None] = lambda count: None
) -> list[Result]:
    """Apply ``function`` to every task, results in the order of the tasks whatever the number of cores.

    Tasks of a task come one after the other: the cores have enough to do. Where tasks differ in length, the longest
    belong first. ``finished`` is called by the calling thread as results come, with how many there are.
    """
    if inside():
        return [function(task) for task in tasks]
    results: list[Result] = []
    with _controller().limit(limits=1), ThreadPoolExecutor(cores(), initializer=_set_busy) as pool:
        for result in pool.map(function, tasks):
            results.append(result)
            finished(len(results))
    return results


def streamed(function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """``parallel`` over any number of tasks, of which no more are taken ahead than there are cores."""
    remaining = iter(tasks)
    while ahead := list(islice(remaining, cores())):
        yield from parallel(function, ahead)


def inside() -> bool:
    """Whether this is a task of several, so that the cores have enough to do."""
    return getattr(_busy, "inside", False)


def stay_on_one_core() -> None:
    """Make all of this process one task of several, from now on."""
    _set_busy()
    _controller().limit(limits=1)


def _controller() -> ThreadpoolController:
    """Of the libraries with threads of their own that are imported."""
    return _controller_of(tuple(name in sys.modules for name in LATE))


@cache
def _controller_of(loaded: tuple[bool, ...]) -> ThreadpoolController:
    """To look for the libraries takes longer than many a task."""
    return ThreadpoolController()


def _set_busy() -> None:
    _busy.inside = True
