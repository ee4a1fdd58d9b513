"""With what a run was made."""

import subprocess

import pytest

from seg_utils.pipeline.state import manifest


def git(folder, *arguments):
    about = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *about, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder in place of the project's, in no checkout."""
    monkeypatch.setattr(manifest, "PROJECT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


def test_outside_a_checkout_there_is_no_commit(project):
    assert manifest.commit() is None
    git(project, "init", "-q")
    assert manifest.commit() is None, "nothing was committed"


def test_a_commit_is_marked_when_files_differ_from_it(project):
    git(project, "init", "-q")
    git(project, "commit", "-q", "--allow-empty", "-m", "first")
    head = git(project, "rev-parse", "HEAD")
    assert manifest.commit() == head
    (project / "new").touch()
    assert manifest.commit() == f"{head} with changes"
