"""What a stop depended on and left behind. The record is written last, so without one nothing counts as done."""

from collections.abc import Iterable
from pathlib import Path

from seg_utils.artefacts import read_json, sha256, write_json
from seg_utils.pipeline.fingerprint import changes


def path_of(folder: Path, name: str) -> Path:
    """Where the record of a stop is kept."""
    return folder / ".record" / f"{name}.json"


def stale(record: Path, inputs: dict[str, str], artefacts: Iterable[Path]) -> str:
    """Why a stop has to run, in a few words; empty when what it left behind is still right."""
    if not record.exists():
        return "not done yet"
    known = read_json(record)
    if changed := changes(known["inputs"], inputs):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"{changed[0]}{more} changed"
    for path in artefacts:
        if not path.exists():
            return f"{path.name} is gone"
        if known["outputs"].get(path.name) != sha256(path):
            return f"{path.name} is not as it was written"
    return ""


def write(record: Path, inputs: dict[str, str], artefacts: Iterable[Path]) -> None:
    """Note that a stop is done."""
    write_json(record, {"inputs": inputs, "outputs": {path.name: sha256(path) for path in artefacts}})
