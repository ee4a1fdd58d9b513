import pytest

from seg_utils.pipeline.state import records


@pytest.fixture
def done(tmp_path):
    artefact = tmp_path / "result.csv"
    artefact.write_text("1")
    kept = records.path_of(tmp_path, "stop")
    records.write(kept, {"parameter k": "7"}, [artefact])
    return kept, artefact


def test_what_is_as_it_was_left_is_not_stale(done):
    kept, artefact = done
    assert records.stale(kept, {"parameter k": "7"}, [artefact]) == ""


def test_without_a_record_nothing_counts_as_done(done):
    kept, artefact = done
    kept.unlink()
    assert records.stale(kept, {"parameter k": "7"}, [artefact]) == "not done yet"


def test_a_changed_input_is_named(done):
    kept, artefact = done
    assert records.stale(kept, {"parameter k": "5"}, [artefact]) == "parameter k changed"
    assert records.stale(kept, {"parameter k": "5", "x": "1"}, [artefact]) == "parameter k and 1 more changed"


def test_a_lost_artefact_is_made_again(done):
    kept, artefact = done
    artefact.unlink()
    assert records.stale(kept, {"parameter k": "7"}, [artefact]) == "result.csv is gone"


def test_a_damaged_artefact_is_made_again(done):
    kept, artefact = done
    artefact.write_text("2")
    assert records.stale(kept, {"parameter k": "7"}, [artefact]) == "result.csv is not as it was written"
