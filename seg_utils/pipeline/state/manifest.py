"""The manifest of a run: what went in, what came out, and with what it was made."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.artefacts import read_notes, sha256, versions, write_json
from seg_utils.core.parameters import Parameters
from seg_utils.core.paths import CATALOGUES, PROJECT
from seg_utils.pipeline.state.fingerprint import file_key
from seg_utils.pipeline.state.records import inputs_of, path_of, tools_of
from seg_utils.reporting.rendering import Renderer

NAME = "manifest.json"

# Names of the stages that read the customers file and that make the report's files
READING, RENDERING = "01_eda", "render"


def write(folder: Path, parameters: Parameters, k: int, renderer: Renderer, artefacts: Iterable[Path]) -> None:
    """Write the manifest into a run's folder, unless the one there already says the same of the same artefacts.

    Artefacts are named relative to the dataset's folder, two above the run's.
    """
    dataset = folder.parents[1]
    read = inputs_of(path_of(dataset, READING))[file_key(parameters.data)]
    tools = tools_of(path_of(folder, RENDERING))
    content: dict[str, Any] = {
        "input": {"name": parameters.data.name, "sha256": read},
        "parameters": _as_given(parameters, k),
        "renderer": {"name": renderer.name, "version": renderer.version, "tools": tools},
        "versions": versions(),
        "artefacts": {file.relative_to(dataset).as_posix(): sha256(file) for file in sorted(artefacts)},
    }
    path = folder / NAME
    if {**read_notes(path), "commit": None} != {**content, "commit": None}:
        write_json(path, content | {"commit": commit()})


def commit() -> str | None:
    """The commit the project stands at, marked when files differ from it; None outside a git checkout."""
    try:
        head = _git("rev-parse", "HEAD")
        return f"{head} with changes" if _git("status", "--porcelain") else head
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _chooser(parameters: Parameters) -> str:
    if ALGORITHMS[parameters.algorithm].finds_k:
        return "algorithm"
    return "user" if parameters.k else "evidence"


def _as_given(parameters: Parameters, k: int) -> dict[str, Any]:
    return {
        "K": k,
        "K_chosen_by": _chooser(parameters),
        "SCALE": parameters.scale,
        "IMPUTE": parameters.impute,
        "ENCODER": "-".join(map(str, parameters.encoder)) or None,
        "ALGORITHM": parameters.algorithm,
        "SUBSEGMENT": parameters.subsegment,
        "KMAX": parameters.kmax,
        "EVIDENCE": parameters.evidence,
        "SEED": parameters.seed,
        "MARKET": parameters.market,
        "CAMPAIGN": parameters.campaign,
        "FEATURES": list(parameters.features),
        "DESCRIBE": list(parameters.describe),
        **{name: file.name for name in CATALOGUES if (file := getattr(parameters, name.lower())) is not None},
        "BAD_ROWS": parameters.bad_rows,
    }
