"""Answers about many customers hold all of them, in order, in however many parts they are made."""

import csv
import io
import json
import re

import numpy as np
import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from seg_utils.serving import answers, batch_input, worker
from seg_utils.serving.model_reload import LoadedModel
from seg_utils.serving.workers import Job

CUSTOMERS = 10


@pytest.fixture(scope="module")
def loaded(models):
    return LoadedModel.of(models.made())


@pytest.fixture(scope="module")
def batch(models, loaded):
    """Ten customers, the fifth with a gap and the seventh beyond all of training."""
    frame = models.sample().iloc[models.TRAINED_ON :].head(CUSTOMERS).reset_index(drop=True)
    sent = (
        frame.drop(columns="customer_id").astype(object).where(lambda values: values.notna(), None).to_dict("records")
    )
    sent[4]["PAYMENTS"] = None
    sent[6]["BALANCE"] = 1e9
    body = json.dumps([{"id": name, "features": one} for name, one in zip(frame["customer_id"], sent, strict=True)])
    job = Job(len(body), "application/json", "application/json", 100)
    return batch_input.read(body.encode(), job, loaded.answerer.inputs)


def made(kind, loaded, batch, at_a_time, monkeypatch):
    monkeypatch.setattr(answers, "AT_A_TIME", at_a_time)
    parts = list(answers.WRITERS[kind](loaded, batch))
    rounded = re.sub(r"-?\d+\.\d{6,}(e-?\d+)?", lambda number: f"{float(number[0]):.9g}", "".join(parts))
    return rounded, len(parts)  # the last digits of a product hang on how many rows it has


@pytest.mark.parametrize("kind", answers.WRITERS)
@pytest.mark.parametrize("at_a_time", [3, 9])
def test_the_same_answer_in_several_parts(loaded, batch, monkeypatch, kind, at_a_time):
    whole, _ = made(kind, loaded, batch, 1000, monkeypatch)
    parted, parts = made(kind, loaded, batch, at_a_time, monkeypatch)
    assert parted == whole
    if kind != answers.COMPARISON:
        assert parts >= CUSTOMERS / at_a_time


def test_every_customer_has_the_models_own_answer(loaded, batch, monkeypatch):
    told = json.loads(made("application/json", loaded, batch, 4, monkeypatch)[0])
    assert [one["id"] for one in told] == batch.frame["customer_id"].tolist()
    placed = loaded.answerer.model.place(batch.frame)
    assert [one["cluster_id"] for one in told] == placed["segment"].tolist()
    assert [bool(one["warnings"]) for one in told] == [bool(reading.warnings) for reading in batch.readings]
    lines = made(answers.NDJSON, loaded, batch, 4, monkeypatch)[0].splitlines()
    assert [json.loads(line) for line in lines] == told
    rows = list(csv.DictReader(io.StringIO(made("text/csv", loaded, batch, 4, monkeypatch)[0])))
    assert [int(row["segment"]) for row in rows] == placed["segment"].tolist()
    assert ["BALANCE: " in row[answers.WARNINGS] for row in rows] == [number == 6 for number in range(CUSTOMERS)]


def test_the_comparison_counts_everybody(loaded, batch, monkeypatch):
    told = json.loads(made(answers.COMPARISON, loaded, batch, 3, monkeypatch)[0])
    assert told["customers"] == CUSTOMERS
    sizes = np.bincount(loaded.answerer.model.place(batch.frame)["segment"], minlength=4)
    assert [one["customers"] for one in told["segments"]][:4] == sizes.tolist()
    both = json.loads(made(answers.SCORED_AND_COMPARED, loaded, batch, 3, monkeypatch)[0])
    assert both["drift"] == told
    assert both["scored"] == made("text/csv", loaded, batch, 100, monkeypatch)[0]


@pytest.mark.parametrize("opening", ["[", "{", "[{"])
@pytest.mark.parametrize(("more", "status"), [(0, 422), (2, 413)])
def test_what_holds_far_more_lists_and_objects_than_customers_is_refused_unread(loaded, opening, more, status):
    body = opening.encode() * ((batch_input.MOST_NESTED * 5 + more) // len(opening))
    job = Job(len(body), "application/json", "application/json", 5)
    with pytest.raises((HTTPException, RequestValidationError)) as refused:
        batch_input.read(body, job, loaded.answerer.inputs)
    assert getattr(refused.value, "status_code", 422) == status


@pytest.mark.parametrize(
    ("cause", "status"),
    [(MemoryError(), 413), (HTTPException(415, "csv"), 415), (RequestValidationError([{"msg": "odd"}]), 422)],
)
def test_why_a_worker_has_no_answer_is_told_by_its_status(loaded, monkeypatch, cause, status):
    def parts(*_):
        yield b"some"
        raise cause

    monkeypatch.setattr(worker, "parts", parts)
    first, (kind, refusal) = worker._answer(loaded, Job(1, "text/csv", "text/csv", 5), b"")
    assert first == (worker.CHUNK, b"some")
    assert (kind, json.loads(refusal)["status_code"]) == (worker.REFUSED, status)
