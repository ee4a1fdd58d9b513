"""Where customers were last: in the last whole period of the run, else in the run itself."""

import pandas as pd
import pytest

from seg_utils.core import artefacts
from seg_utils.core.errors import DataError
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring.files import scoring
from seg_utils.scoring.former import Former

from .conftest import PERSONAS


def period(run, name, **members):
    """A period that is whole."""
    folder = run / "periods" / name
    ids = [key.replace("_", "-") for key in members]
    table = pd.DataFrame({"customer_id": ids, "segment": [number for number, _ in members.values()]})
    artefacts.write_parquet(folder / "membership.parquet", table.assign(persona=[name for _, name in members.values()]))
    artefacts.write_json(folder / "decision.json", {})
    return folder


@pytest.fixture
def run(run_folder, tmp_path):
    """The run with a folder of its own for periods."""
    for name in ("model.json", "assignments.parquet"):
        (tmp_path / name).write_bytes((run_folder / name).read_bytes())
    return tmp_path


def test_without_periods_it_is_the_segment_of_the_run(made, trained, run):
    former = Former.of_run(run / "model.json", made)
    segment = made.locate(trained).segment
    keys, names = former.columns(trained["customer_id"])
    assert keys.to_pylist() == segment.tolist()
    assert names.to_pylist() == [PERSONAS[number] for number in segment]
    [known, unknown] = former.answers(pd.Series([trained["customer_id"][0], "nobody"]))
    assert known == {"cluster_id": segment[0], "cluster_name": PERSONAS[segment[0]], "period": None}
    assert unknown is None


def test_the_last_whole_period_counts_from_wherever_a_model_of_the_run_lies(made, run):
    period(run, "2026-10", SYN_00001=(0, "Savers"))
    folder = period(run, "2026-11", SYN_00001=(7, "=new()"))
    (period(run, "2026-12", SYN_00001=(1, "Half")) / "decision.json").unlink()
    for file in (run / "model.json", folder / "challenger.json", run / "periods" / "adopted-2026-11.json"):
        former = Former.of_run(file, made)
        assert former.answers(pd.Series(["SYN-00001", ""])) == [
            {"cluster_id": 7, "cluster_name": "=new()", "period": "2026-11"},
            None,
        ]


def test_a_damaged_membership_is_one_line(made, run):
    (period(run, "2026-11", a=(0, "A")) / "membership.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"membership\.parquet of 2026-11 is damaged: former segments are left out"):
        Former.of_run(run / "model.json", made)


def test_scores_tell_it_of_whoever_is_known_and_as_inert_text(made, trained, run, csv_of, tmp_path):
    period(run, "2026-11", SYN_00003=(7, "=new()"))
    former = Former.of_run(run / "model.json", made)
    scoring.score(Batches(csv_of(trained.head(5)), made.space.features), made, tmp_path / "s.csv", former=former)
    read = pd.read_csv(tmp_path / "s.csv").set_index("customer_id")
    assert read["former_segment"].dropna().to_dict() == {"SYN-00003": 7}
    assert read["former_persona"].dropna().to_dict() == {"SYN-00003": "'=new()"}
