"""The project's own environment: made once, by one run at a time, whole or not at all.

Needs nothing but Python itself, as there is no environment yet.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from seg_utils.core.artefacts import sha256
from seg_utils.core.paths import PROJECT
from seg_utils.pipeline.state import lock

BASE = "requirements.lock"  # the packages that a report needs. Where they change, the environment is made anew.

# A folder that every environment of conda's holds; such a one is conda's to make, and already has the base
CONDA = "conda-meta"

PATH_FILE = "seg_utils.pth"


def bring_up_to_date(folder: Path, requirements: list[Path]) -> None:
    """Make the environment, or add what is missing of the locks ``requirements``, the base first. A second run at the
    same moment waits for the first. A CalledProcessError where pip failed, which has said why on the terminal."""
    with lock.owned(folder, lambda: _say("waiting for another run that makes the environment")):
        for wanted in requirements:
            done = marker(folder, wanted)
            if not (done.is_file() and done.read_text(encoding="utf-8") == sha256(wanted)):
                _make(folder, wanted)
            marker(folder, wanted).write_text(sha256(wanted), encoding="utf-8")


def marker(folder: Path, requirements: Path) -> Path:
    """The file that says that a lock's packages are installed: it holds the hash of the lock."""
    return folder / f".ready-{requirements.name}"


def _make(folder: Path, requirements: Path) -> None:
    if requirements.name != BASE:
        _say(f"adding what {requirements.name} lists to {folder}, once (under a minute)")
        _install(folder, requirements)
    elif (folder / CONDA).is_dir():
        _add_project(folder)
    else:
        _say(f"making the environment in {folder}, once (half a minute to a minute)")
        _clear(folder)
        venv.create(folder, with_pip=True, symlinks=True)
        _install(folder, requirements)
        _add_project(folder)


def _clear(folder: Path) -> None:
    """Remove what is there, half-made or out of date, but for the lock that is held."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != lock.NAME:
            entry.unlink()


def _install(folder: Path, requirements: Path) -> None:
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # each module is compiled when it is first imported, and kept; most never are
    subprocess.run([*pip, "--require-hashes", "--no-compile", "-r", str(requirements)], stdout=sys.stderr, check=True)


def _add_project(folder: Path) -> None:
    """Let the environment find the package beside it: by a relative path, so that a copy of both finds its own."""
    base = str(folder.resolve())
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
    (packages / PATH_FILE).write_text(f"{os.path.relpath(PROJECT, packages)}\n", encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(folder: str, *requirements: str) -> int:
    """The command behind the Makefile; a failure is one line after what pip said."""
    try:
        bring_up_to_date(Path(folder), [Path(name) for name in requirements])
    except subprocess.CalledProcessError as error:
        _say(f"error: {' '.join(error.cmd[:4])} ended with code {error.returncode}; run the same command again")
    except OSError as error:
        _say(f"error: the environment cannot be made: {error}")
    except KeyboardInterrupt:
        _say("interrupted; the same command begins again")
    else:
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
