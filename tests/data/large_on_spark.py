"""A table of Spark that is too large to be brought in, in a process of its own: checked, sampled, placed on workers.

Arguments: the customers' Parquet file, the folder of results, and how many customers there may be in memory at once,
in the sample and in a group.
"""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
from pyspark.sql import SparkSession

from seg_utils import clustering, data
from seg_utils.core import artefacts
from seg_utils.core.parameters import from_mapping
from seg_utils.data import population
from seg_utils.data.streaming import groups
from seg_utils.features import feature_space
from seg_utils.pipeline import large
from seg_utils.scoring import model
from seg_utils.strategy import population as placing

WORDS = {"colour": 0, "description": "They do as they do.", "share": 0.2, "actions": {"now": "Call", "later": "Write"}}
KINDS = ["premium", "one_off_buyers", "cash_advance_dependent", "transactors"]
PARTITIONS = 40


def sampled(given: dict[str, str], outputs: Path, **options: object) -> Path:
    """The sample of a table, beside what is known of all its customers."""
    parameters = replace(from_mapping(given | {"OUTPUTS": str(outputs)}), **options)
    large.bring_in(parameters.table, parameters.data, None, may_stay=True)
    found = large.sampled(parameters)
    assert found is not parameters, "the table is large"
    large.draw(parameters, found.data)
    return found.data


def placed(sample: Path, run: Path) -> None:
    """All customers of the sample's table, placed in the segments of the sample, with the sample's campaign."""
    run.mkdir(parents=True)
    customers = data.load(sample).frame
    space = feature_space.fit(customers, scale="log", impute="median")
    found = clustering.kmeans(space.transform(customers), 4, seed=1, min_starts=5, max_starts=5)
    made = model.build(customers, space, found, algorithm="kmeans", seed=1)
    made.described([WORDS | {"persona": f"P{segment}"} for segment in range(4)]).save(run / "model.json")
    assigned = made.place(customers)
    assigned.to_parquet(run / "assignments.parquet")
    customers.to_parquet(run / "customers.parquet")
    people = [
        {"segment": segment, "size": size, "persona_id": kind, "persona": kind, "no_move": None}
        for segment, (kind, size) in enumerate(zip(KINDS, made.sizes, strict=True))
    ]
    artefacts.write_json(run / "personas.json", people)
    artefacts.write_csv(run / "strategy.csv", pd.DataFrame({"segment": range(4), "decision": "make"}))
    placing.write(sample.with_name("population.json"), run, run, "us", "first")


def main(source: str, outputs: Path, at_once: int, sample: int, group: int) -> None:
    population.AT_ONCE, population.SAMPLED, groups.ROWS = at_once, sample, group
    session = SparkSession.builder.getOrCreate()
    session.read.parquet(source).repartition(PARTITIONS).createOrReplaceTempView("customers")
    placed(sampled({"DATA": "spark", "TABLE": "customers"}, outputs), outputs / "run")
    kept = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(line.split()[1] for line in kept.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
