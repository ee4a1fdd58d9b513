"""Both cores without losing a bit: independent tasks in a thread pool, each one single-threaded inside.

The number of threads inside a task changes the last bits of an inertia; the number of tasks at a time does not.
scikit-learn's K-Means releases the interpreter lock, so threads suffice and nothing has to be copied.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parallel(function: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
    """Apply ``function`` to every task, results in the order of the tasks whatever the number of cores."""
    with threadpool_limits(1), ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(function, tasks))
