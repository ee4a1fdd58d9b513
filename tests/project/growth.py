"""Whether the time a function of a text takes grows faster than the text: a ratio of times, never a time."""

import time
from collections.abc import Callable

TIMES_LONGER = 4
# Work in proportion to the length takes 4 times as long on 4 times the text, in proportion to its square 16 times
MOST = 2.2 * TIMES_LONGER

# From where on it is looked at: what grows fast shows early, before it takes minutes, what grows slowly late
LENGTHS = (50, 250, 1000, 4000)

REPEATS = 4
# A busy machine makes one measurement wrong, not so many in a row
TRIES = 4


def grows(function: Callable[[str], object], made: Callable[[int], str], least: int = 0) -> bool:
    """Whether ``function`` takes more than its share of time on longer texts of a kind.

    Args:
        made: a text of the kind, about so many characters long.
        least: shorter texts are not looked at, where work at each place is bounded by a number.
    """
    return any(
        _grows_from(function, made(length), made(TIMES_LONGER * length)) for length in LENGTHS if length >= least
    )


def _grows_from(function: Callable[[str], object], short: str, long: str) -> bool:
    return all(_best(function, long) > MOST * _best(function, short) for _ in range(TRIES))


def _best(function: Callable[[str], object], text: str) -> float:
    """The least of a few times of the processor; the others met something else on the machine."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.thread_time()
        function(text)
        best = min(best, time.thread_time() - start)
    return best
