"""Who may have a folder, and that a lock goes with its process."""

import os
import shutil
import subprocess
import sys

import pytest

from seg_utils.core.paths import PROJECT
from seg_utils.pipeline.state.lock import FolderLock, owned

HOLD = """
import sys
from pathlib import Path
from seg_utils.pipeline.state.lock import FolderLock
with FolderLock(Path(sys.argv[1]), lambda: None) as lock:
    getattr(lock, sys.argv[2])()
    print("held", flush=True)
    sys.stdin.read()
"""


class WaitingError(Exception):
    """Raised in place of waiting."""


def refuse():
    raise WaitingError


@pytest.fixture
def hold(tmp_path):
    """Have another process hold the folder; returns that process."""
    processes = []

    def start(how):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), how],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("theirs", "ours", "waits"),
    [("share", "share", False), ("share", "own", True), ("own", "share", True), ("own", "own", True)],
)
def test_readers_share_and_a_writer_is_alone(hold, tmp_path, theirs, ours, waits):
    hold(theirs)
    with FolderLock(tmp_path, refuse) as lock:
        if waits:
            with pytest.raises(WaitingError):
                getattr(lock, ours)()
        else:
            getattr(lock, ours)()


def test_a_killed_process_holds_nothing(hold, tmp_path):
    process = hold("own")
    process.kill()
    process.wait()
    with owned(tmp_path, refuse):
        pass


def test_two_that_share_and_both_want_to_write_do_not_wait_for_each_other(hold, tmp_path):
    with FolderLock(tmp_path, refuse) as lock:
        lock.share()
        other = hold("share")
        with pytest.raises(WaitingError):
            lock.own()
        other.kill()
        other.wait()
        lock.own()


def test_a_folder_that_was_removed_while_it_was_waited_for_is_taken_anew(hold, tmp_path):
    other = hold("own")
    waited = []

    def remove():
        waited.append(True)
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        other.kill()
        other.wait()

    with FolderLock(tmp_path, remove) as lock:
        lock.own()
        assert waited == [True]
        with pytest.raises(WaitingError):
            FolderLock(tmp_path, refuse).own()


def test_what_cannot_be_written_to_can_still_be_shared(tmp_path, monkeypatch):
    def read_only(path, flags, *mode):
        if flags & (os.O_RDWR | os.O_CREAT):
            raise PermissionError(13, "Permission denied", str(path))
        return os_open(path, flags, *mode)

    os_open = os.open
    with owned(tmp_path / "made", refuse):
        pass
    monkeypatch.setattr(os, "open", read_only)
    for folder in ("made", "bare", "missing"):
        if folder == "bare":
            (tmp_path / folder).mkdir()
        with FolderLock(tmp_path / folder, refuse) as lock:
            lock.share()
    assert not (tmp_path / "missing").exists()
