"""What the folders of results are called: each after the choices that its results depend on, and no more.

Reads which file a folder belongs to; makes and changes nothing.
"""

from collections.abc import Sequence
from pathlib import Path

from seg_utils.core import paths
from seg_utils.core.artefacts import read_notes, sha256
from seg_utils.core.parameters import Parameters
from seg_utils.core.paths import short_hash, slug

SOURCE = "source.json"  # in the folder of a customers file: the file's path and hash
BUNDLED = "sample"
NAMELESS = "customers"  # the folder of a file in whose name there is no letter from a to z and no digit
PERIODS = "periods"  # in a run folder: what became of its segments, a folder each period
HISTORY = ("trend", "retention", "periods", "rates", "leaving")  # the tables that all periods together leave there
USUAL = Parameters()


def folder_for(name: str, data: Path, parent: Path) -> Path:
    """The folder ``name`` below ``parent``, or one with a suffix where that is another file's."""
    folder = parent / name
    owner = read_notes(folder / SOURCE)
    if not owner or owner.get("path") == str(data) or owner.get("sha256") == sha256(data):
        return folder
    return folder_for(f"{name}-{short_hash(str(data))}", data, parent)


def of_dataset(data: Path, outputs: Path, features: Sequence[str] = ()) -> Path:
    """The folder of a customers file, or of some of its features, or by another dictionary: ``outputs/<dataset>``."""
    data = Path(data).resolve()
    chosen = f"-features-{short_hash(' '.join(sorted(features)))}" if features else ""
    chosen += _own("DICTIONARY")
    if data == paths.SAMPLE:
        return Path(outputs) / f"{BUNDLED}{chosen}"
    name = slug(paths.stem_of(data))
    if not name or name.startswith(BUNDLED):
        name = f"{name or NAMELESS}-{short_hash(str(data))}"
    return folder_for(f"{name}{chosen}", data, Path(outputs))


def of_space(
    dataset: Path,
    *,
    scale: str,
    impute: str,
    encoder: Sequence[int] = (),
    kmax: int = USUAL.kmax,
    evidence: str = USUAL.evidence,
    seed: int = USUAL.seed,
) -> Path:
    """The folder of a feature space: ``log-median-enc64-32-8``, and what else is not usual."""
    name = f"{scale}-{impute}"
    if encoder:
        name += f"-enc{'-'.join(map(str, encoder))}"
    if kmax != USUAL.kmax:
        name += f"-kmax{kmax}"
    if evidence != USUAL.evidence:
        name += f"-{evidence}"
    if seed != USUAL.seed:
        name += f"-seed{seed}"
    return Path(dataset) / name


def of_run(
    space: Path,
    k: int | None,
    algorithm: str = "kmeans",
    subsegment: int | str | None = None,
    market: str = USUAL.market,
    campaign: str = USUAL.campaign,
) -> Path:
    """The folder of a run: ``k7``, ``gmm-k7``, ``dbscan``, which finds its own k, ``k7-sub2``, a look inside,
    ``k7-eu``, in another market, ``k7-campaign-spring``, of another campaign, or ``k7-personas-3fa21c``, by a catalogue
    of one's own."""
    own_algorithm = None if algorithm == "kmeans" else algorithm
    inside = None if subsegment is None else f"sub{subsegment}"
    number = None if k is None else f"k{k}"
    own_market = None if market == USUAL.market else slug(market)
    own_campaign = None if campaign == USUAL.campaign else f"campaign-{campaign}"
    name = "-".join(part for part in (own_algorithm, number, inside, own_market, own_campaign) if part)
    return Path(space) / f"{name}{_own('PERSONAS')}{_own('ECONOMICS')}"


def of_comparison(space: Path, k: int) -> Path:
    return Path(space) / f"compare-k{k}"


def of_period(run: Path, period: str) -> Path:
    """The folder of a period that is placed by the segments of a run."""
    return Path(run) / PERIODS / period


def _own(name: str) -> str:
    """What a folder's name has behind it where another catalogue is in the place of the project's own."""
    return f"-{name.lower()}-{short_hash(str(paths.catalogue(name)))}" if paths.is_own(name) else ""
