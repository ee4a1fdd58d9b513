"""A new model takes over between two requests; a bad one never does."""

import json
import threading
from pathlib import Path

import httpx
import pandas as pd
import pytest

from seg_utils.core import artefacts
from seg_utils.core.errors import DataError
from seg_utils.scoring.model import digest
from seg_utils.serving import app
from seg_utils.serving.model_reload import ModelReloader


@pytest.fixture
def file(models, tmp_path):
    path = tmp_path / "model.json"
    models.made().save(path)
    return path


def another(models):
    return models.made("mixture")


def test_a_new_model_takes_over(file, models):
    reloader = ModelReloader(file)
    before = reloader.loaded
    reloader.refresh()
    assert reloader.loaded is before
    another(models).save(file)
    reloader.refresh()
    assert reloader.loaded.sha256 == another(models).to_dict()["sha256"] != before.sha256


def test_a_model_file_is_read_once(file, models, monkeypatch):
    read, reads = Path.read_text, []

    def told(path, *options, **more):
        reads.append(path)
        return read(path, *options, **more)

    monkeypatch.setattr(Path, "read_text", told)
    assert ModelReloader(file).loaded.sha256 == models.made().to_dict()["sha256"]
    assert reads.count(file) == 1


@pytest.mark.parametrize("text", ["", "{", "null", '{"schema_version": 99}'])
def test_a_bad_model_does_not_and_says_so(file, models, text):
    reloader = ModelReloader(file)
    good = reloader.loaded
    file.write_text(text)
    reloader.refresh()
    assert reloader.loaded is good
    assert "model.json" in reloader.problem
    models.made().save(file)
    reloader.refresh()
    assert reloader.problem is None
    assert reloader.loaded.sha256 == good.sha256


def test_a_half_written_model_does_not(file, models):
    reloader = ModelReloader(file)
    text = json.dumps(another(models).to_dict())
    for length in (10, len(text) // 2, len(text) - 1):
        file.write_text(text[:length])
        reloader.refresh()
        assert reloader.problem
    file.write_text(text)
    reloader.refresh()
    assert reloader.problem is None


def test_a_model_that_vanishes_is_served_on(file):
    reloader = ModelReloader(file)
    file.unlink()
    reloader.refresh()
    assert reloader.problem == "model.json cannot be read"
    assert reloader.loaded.answerer


def test_what_is_no_model_is_not_served_at_all(tmp_path):
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(DataError, match=r"model\.json"):
        ModelReloader(tmp_path / "model.json")


def test_no_request_is_dropped_while_models_change(file, models, serving, monkeypatch):
    monkeypatch.setattr(app, "REFRESH_SECONDS", 0.02)
    hashes = {one.to_dict()["sha256"] for one in (models.made(), another(models))}
    answers, stop = [], threading.Event()

    def ask(address):
        with httpx.Client(base_url=address, timeout=30) as client:
            while not stop.is_set():
                answers.append(client.post("/predict", json={"features": models.EXAMPLE}).status_code)

    seen = set()
    with serving(app.create(ModelReloader(file))) as client:
        thread = threading.Thread(target=ask, args=(str(client.base_url),))
        thread.start()
        try:
            for turn in range(300):
                (another(models) if turn % 2 else models.made()).save(file)
                seen.add(client.get("/health").json()["model"])
                if seen == hashes and len(answers) > 50:
                    break
            file.write_text("{")
            for _ in range(300):
                if client.get("/health").json()["problem"]:
                    break
        finally:
            stop.set()
            thread.join()
        assert client.get("/health").json()["problem"]
    assert seen == hashes
    assert set(answers) == {200}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content["segments"][0].pop("persona"),
        lambda content: content["centroids"].pop(),
        lambda content: content["reference"].clear(),
        lambda content: content["plane"].clear(),
        lambda content: content.update(sizes=None),
    ],
)
def test_a_model_of_a_right_hash_that_lacks_something_is_named_and_the_next_one_taken(file, models, spoil):
    reloader = ModelReloader(file)
    good = reloader.loaded
    content = another(models).to_dict()
    del content["sha256"]
    spoil(content)
    file.write_text(json.dumps(content | {"sha256": digest(content)}))
    reloader.refresh()
    assert reloader.loaded is good
    assert reloader.problem.startswith("model.json")
    assert "\n" not in reloader.problem
    with pytest.raises(DataError, match=r"model\.json"):
        ModelReloader(file)
    another(models).save(file)
    reloader.refresh()
    assert reloader.problem is None
    assert reloader.loaded is not good


def test_former_segments_are_those_of_the_last_period_and_take_over_with_it(models, serving, tmp_path):
    file = tmp_path / "model.json"
    models.made().save(file)
    reloader = ModelReloader(file)
    sent = {"id": "C1", "features": {"BALANCE": 1500}}
    with serving(app.create(reloader)) as client:
        assert client.post("/predict", json=sent).json()["former_segment"] is None
        members = pd.DataFrame({"customer_id": ["C1", "1"], "segment": [2, 3], "persona": ["Savers", "Others"]})
        artefacts.write_parquet(tmp_path / "periods" / "2026-11" / "membership.parquet", members)
        artefacts.write_json(tmp_path / "periods" / "2026-11" / "decision.json", {})
        reloader.refresh()
        last = {"cluster_id": 2, "cluster_name": "Savers", "period": "2026-11"}
        assert client.post("/predict", json=sent).json()["former_segment"] == last
        without_id = {"features": {"BALANCE": 1500}}  # numbered 1, which is no id
        many = client.post("/predict/batch", json=[without_id, sent]).json()
        assert [one["former_segment"] for one in many] == [None, last]
        as_csv = client.post("/predict/batch", json=[without_id, sent], headers={"accept": "text/csv"}).text
        assert ",2,Savers," in as_csv.splitlines()[2]
