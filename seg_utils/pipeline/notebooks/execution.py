"""Run one notebook with papermill: parameters checked first, the result whole or not there, a failed copy kept."""

import errno
import os
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from seg_utils.core import errors
from seg_utils.core.artefacts import PART, create, make_folder, named, replacing
from seg_utils.core.errors import ParameterError, UserError
from seg_utils.core.paths import PROJECT
from seg_utils.core.progress import VARIABLE
from seg_utils.core.threads import FORKS
from seg_utils.pipeline.notebooks import forking
from seg_utils.pipeline.stage import Stage

# What a kernel must see for equal inputs to give equal bytes, by this folder's code, in this project's environment
# and no other. The safe path keeps a ``pandas.py`` among the results from being imported.
PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPATH": str(PROJECT),
    "PYTHONSAFEPATH": "1",
    "JUPYTER_NO_CONFIG": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

# How variables begin that would change what a kernel imports, or which kernel it is
FOREIGN = ("PYTHON", "JUPYTER", "IPYTHON")

KERNEL = "python3"
LANGUAGE = "python"
START_TIMEOUT_SECONDS = 120
UNASKED_GRAMMAR = "rfc3987_syntax"

# What a kernel listens on, in the folder that it works in; one that was killed leaves them there
SOCKETS = "kernel-ipc-*"

MESSAGE_LINES = 4
LINE_LENGTH = 200


class NotebookError(UserError):
    """A cell failed; the text names notebook, cell, error and the kept copy."""


def execute(stage: Stage, progress: Path) -> None:
    """Execute a stage's notebook into ``stage.executed``.

    Raises:
        ParameterError: the notebook does not take exactly the stage's parameters.
        NotebookError: a cell failed; the copy with the failure is kept beside where the result would be.
        OSError: there is no space left for what a cell writes.
    """
    prepare(stage.notebook)
    papermill = _papermill()
    _check_parameters(stage, papermill)
    failed = stage.executed.with_suffix(".failed.ipynb")
    running = stage.executed.with_name(f"{PART}{stage.notebook.name}")
    make_folder(running.parent)
    for leftover in (running, *stage.folder.glob(SOCKETS)):
        leftover.unlink(missing_ok=True)
    create(running)
    given = {name: _relative(value, stage.folder) for name, value in stage.parameters.items()}
    try:
        with named(stage.executed):
            run_notebook(stage.notebook, running, stage.folder, given, {VARIABLE: str(progress.resolve())})
        _publish(running, stage)
        failed.unlink(missing_ok=True)
    except papermill.PapermillExecutionError as error:
        if error.ename == OSError.__name__ and f"[Errno {errno.ENOSPC}]" in str(error.evalue):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(stage.folder)) from None
        running.replace(failed)
        raise NotebookError(_explain(stage, error, failed)) from None
    finally:
        running.unlink(missing_ok=True)


def prepare(notebook: Path) -> None:
    """Begin to import what the kernel of a notebook needs, in a process of its own, while this one goes on."""
    if FORKS:
        with _environment({}):
            forking.server().prepare(forking.imports(notebook))


def run_notebook(
    source: Path, target: Path | None, folder: Path, parameters: dict[str, Any], variables: dict[str, str] | None = None
) -> Any:
    """Run a notebook in a kernel that sees what is pinned and nothing of the user's own; returns it executed.

    Args:
        target: where the executed notebook goes as it runs; nowhere if None.
        parameters: none are injected if empty.
        variables: what else its environment holds.
    """
    from traitlets.config import Config

    from seg_utils.pipeline.notebooks import kernels  # with jupyter_client a quarter of a second

    with tempfile.TemporaryDirectory() as private, _environment(_own_folders(private) | (variables or {})):
        return _papermill().execute_notebook(
            str(source),
            str(target) if target else None,
            parameters=parameters,
            kernel_name=KERNEL,
            language=LANGUAGE,
            cwd=str(folder),
            progress_bar=False,
            request_save_on_cell_execute=False,
            coalesce_streams=True,  # into how many pieces what is printed falls is chance
            start_timeout=START_TIMEOUT_SECONDS,
            shutdown_kernel="immediate",
            kernel_manager_class=kernels.manager(source),
            config=Config(KernelManager={"transport": "ipc"}),  # nobody else on the machine can listen
        )


def _papermill() -> ModuleType:
    """papermill: half a second that a run with nothing to do must not pay.

    It would be a second and a half if jsonschema found a grammar of web addresses, which it builds while it is imported
    and which no notebook's format asks for.
    """
    kept = sys.modules.setdefault(UNASKED_GRAMMAR, None)  # what is None cannot be imported
    import papermill

    if kept is None:
        del sys.modules[UNASKED_GRAMMAR]
    return papermill


def _own_folders(private: str) -> dict[str, str]:
    """So that the user's own IPython start-up files take no part."""
    return {"IPYTHONDIR": private, "JUPYTER_RUNTIME_DIR": private}


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """This process's environment as a kernel is to inherit it."""
    before = dict(os.environ)
    own = {name: value for name, value in before.items() if not name.startswith(FOREIGN)}
    _replace_environment(own | PINNED | variables)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(variables: dict[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def _check_parameters(stage: Stage, papermill: Any) -> None:
    """papermill only warns of a parameter that a notebook does not take, and would run on with the default."""
    known = set(papermill.inspect_notebook(str(stage.notebook)))
    given = set(stage.parameters)
    if known != given:
        raise ParameterError(
            f"{stage.notebook.name} takes the parameters {', '.join(sorted(known)) or 'none'} "
            f"but is given {', '.join(sorted(given))}; change its cell tagged 'parameters'"
        )


def _relative(value: Any, folder: Path) -> Any:
    """Paths relative to where the notebook runs, so that an executed notebook is the same in every clone."""
    return os.path.relpath(value, folder) if isinstance(value, Path) else value


def _publish(running: Path, stage: Stage) -> None:
    """Put the executed notebook in place without what differs from run to run: times, random cell ids, and where the
    files are that it read from outside the results."""
    import nbformat
    from papermill.parameterize import translate_parameters

    shown = {
        name: value.name if isinstance(value, Path) and value.is_file() else _relative(value, stage.folder)
        for name, value in stage.parameters.items()
    }
    notebook = nbformat.read(running, as_version=4)
    notebook.metadata.pop("papermill", None)
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position:03d}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = translate_parameters(KERNEL, LANGUAGE, shown, "Parameters")
    with replacing(stage.executed) as temporary:
        nbformat.write(notebook, temporary)


def _explain(stage: Stage, error: Any, failed: Path) -> str:
    """At most ten lines; a mistake of the user's own is told in its own words alone, and whole."""
    lines = [line for line in str(error.evalue).splitlines() if line.strip()]
    kind = getattr(errors, error.ename, None)
    if kind is not None and issubclass(kind, UserError):
        return "\n".join(wrapped for line in lines for wrapped in textwrap.wrap(line, LINE_LENGTH))
    first = [line[:LINE_LENGTH] for line in lines[:MESSAGE_LINES]]
    source = next((line for line in error.source.splitlines() if line.strip()), "")
    return "\n".join(
        [
            f"{stage.notebook.name} failed in cell {error.cell_index}: {source[:LINE_LENGTH]}",
            f"{error.ename}: {first[0] if first else ''}",
            *first[1:],
            f"the notebook as it stood is kept at {failed}",
        ]
    )
