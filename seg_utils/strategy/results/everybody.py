"""All customers of a table of which a run's are a sample, as its campaign was drawn among them."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from seg_utils.core.artefacts import read_json, read_notes
from seg_utils.core.parameters.table_address import FOLDER
from seg_utils.core.result_folders import SOURCE
from seg_utils.data import database
from seg_utils.data.columns.matching import ID
from seg_utils.data.loading import POPULATION
from seg_utils.data.population import ALL
from seg_utils.strategy.population import PLACED

GROUP = ["segment", "control_group", "campaign_part"]


@dataclass(frozen=True)
class Everybody:
    """Parquet parts: ``placed`` are all customers with segment and part in the campaign, ``kept`` the same with their
    features."""

    placed: Path
    kept: Path

    def groups(self) -> pd.DataFrame:
        """How many ``customers`` there are of each ``GROUP``."""
        with database.engine(self.placed.parent) as engine:
            placed = database.parquet(engine, self.placed)
            return placed.group_by(GROUP).aggregate(customers=placed.count()).order_by(GROUP).to_pyarrow().to_pandas()

    def of(self, ids: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Those of these ids whom the table holds, in the order of their ids: with features, and as they were drawn."""
        import ibis

        with database.engine(self.placed.parent) as engine:
            wanted = ibis.memtable(pa.table({ID: pa.array(ids, pa.string())}))
            customers, drawn = (
                database.parquet(engine, folder).semi_join(wanted, ID).order_by(ID).to_pyarrow().to_pandas()
                for folder in (self.kept, self.placed)
            )
        return customers, drawn[[ID, *GROUP]]


def read(run: Path) -> Everybody | None:
    """All customers of the table that a run is on a sample of; None where it is on all of its customers.

    Raises:
        ValueError: the run drew no campaign among them, or they are no longer those of the run.
    """
    known = read_notes(run / POPULATION)
    if not known:
        return None
    dataset = run.parents[1]
    parts = dataset.parent / FOLDER / Path(read_json(dataset / SOURCE)["path"]).parent.name
    known.pop("mean_squared_distance", None)
    if not (run / PLACED).is_dir() or read_notes(parts / POPULATION) != known or not (parts / ALL).is_dir():
        raise ValueError("all customers were placed by another run, or of another table")
    return Everybody(run / PLACED, parts / ALL)
