"""Locks on folders of results, held for as long as a run depends on what they hold.

Many runs may share a folder that they only read; one that writes owns it alone. A lock dies with its process, however
that dies.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from seg_utils.core.artefacts import make_folder

NAME = ".lock"


class FolderLock:
    """A lock on one folder; a context manager that gives it up at its end."""

    def __init__(self, folder: Path, waiting: Callable[[], None]) -> None:
        """``waiting`` is called each time that another run has to be waited for."""
        self._folder = folder
        self._waiting = waiting
        self._handle: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def share(self) -> None:
        """Hold the folder together with other runs that only read it.

        Where there is no lock to open, and none can be made, nobody can be writing: then there is nothing to hold.
        """
        try:
            self._take(fcntl.LOCK_SH)
        except OSError:
            self.release()

    def own(self) -> None:
        """Hold the folder, which is made where it is missing, alone; an OSError where it cannot be written to. What is
        shared is given up first: two runs that both wait for the other to stop reading would wait for ever."""
        self.release()
        make_folder(self._folder)
        self._take(fcntl.LOCK_EX)

    def release(self) -> None:
        """Let others have the folder."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take(self, kind: int) -> None:
        while True:
            if self._handle is None:
                self._handle = _open(self._folder / NAME)
            try:
                fcntl.flock(self._handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                self._waiting()
                fcntl.flock(self._handle, kind)
            if _is_still(self._handle, self._folder / NAME):
                return
            self.release()  # somebody removed the results while this run waited


@contextmanager
def owned(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    with FolderLock(folder, waiting) as lock:
        lock.own()
        yield


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:  # another user's, or on a disk that is only read
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
