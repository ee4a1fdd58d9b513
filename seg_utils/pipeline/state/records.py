"""What a stage depended on and left behind. The record is written last, so without one nothing counts as done."""

from collections.abc import Iterable
from pathlib import Path

from seg_utils.core.artefacts import read_notes, sha256, write_json
from seg_utils.pipeline.state.fingerprint import changes, file_key


def path_of(folder: Path, name: str) -> Path:
    """Where the record of a stage is kept."""
    return folder / ".record" / f"{name}.json"


def stale(record: Path, inputs: dict[str, str], artefacts: Iterable[Path]) -> str:
    """Why a stage has to run, in a few words; empty when what it left behind is still right."""
    known_inputs, known_outputs = inputs_of(record), _part(record, "outputs")
    if not known_inputs:
        return "not done yet"
    if changed := changes(known_inputs, inputs):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"{changed[0]}{more} changed"
    for path in artefacts:
        if not path.exists():
            return f"{path.name} is gone"
        if known_outputs.get(file_key(path)) != sha256(path):
            return f"{path.name} is not as it was written"
    return ""


def is_as_written(record: Path, path: Path) -> bool:
    """Whether a file is there as the stage of a record left it; what the record does not name is not judged."""
    known = _part(record, "outputs").get(file_key(path))
    return known is None or (path.is_file() and sha256(path) == known)


def inputs_of(record: Path) -> dict[str, str]:
    """What a stage that is done depended on; empty where there is no record of it, or a damaged one."""
    return _part(record, "inputs")


def tools_of(record: Path) -> dict[str, str]:
    """What a stage that is done was made with, beside the packages; empty where the record says nothing of it."""
    return _part(record, "tools")


def write(record: Path, inputs: dict[str, str], artefacts: Iterable[Path], tools: dict[str, str] | None = None) -> None:
    outputs = {file_key(path): sha256(path) for path in artefacts}
    write_json(record, {"inputs": inputs, "outputs": outputs, **({"tools": tools} if tools else {})})


def _part(record: Path, name: str) -> dict[str, str]:
    part = read_notes(record).get(name)
    return part if isinstance(part, dict) else {}
