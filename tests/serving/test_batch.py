"""Many customers by request."""

import csv
import io
import json
import re

import pytest

from seg_utils import data
from seg_utils.core.paths import PROJECT, SAMPLE
from seg_utils.scoring import drift
from seg_utils.scoring.files import scoring
from seg_utils.scoring.files.scoring import Scored
from seg_utils.scoring.former import COLUMNS as FORMER
from seg_utils.scoring.scorer import COLUMNS, Scorer

BATCH, DRIFT = "/predict/batch", "/drift"
REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"
CSV = {"content-type": "text/csv"}
ONE = {"BALANCE": 1500}


def rows_of(response):
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def sample_csv(rows):
    return b"".join(SAMPLE.read_bytes().splitlines(keepends=True)[: rows + 1])


def reason(response, status=422):
    assert response.status_code == status, response.text
    detail = response.json()["detail"]
    return detail if isinstance(detail, str) else detail[0]["msg"]


def test_csv_is_answered_with_the_columns_of_make_score(client, models):
    found = rows_of(client.post(BATCH, content=sample_csv(300), headers=CSV))
    assert tuple(found[0]) == (*COLUMNS, *FORMER, "warnings")
    assert {row["former_segment"] for row in found} == {""}
    expected = Scorer(models.made()).score(models.sample().head(300)).to_pylist()
    assert [row["customer_id"] for row in found] == [row["customer_id"] for row in expected]
    assert [int(row["segment"]) for row in found] == [row["segment"] for row in expected]
    assert [float(row["distance"]) for row in found] == pytest.approx([row["distance"] for row in expected], abs=1e-9)
    assert [row["drivers"] for row in found] == [row["drivers"] or "" for row in expected]


def test_csv_answers_warn_of_each_customer_as_json_answers_do(client):
    body = sample_csv(60).replace(b"\r", b"").split(b"\n")
    cells = body[2].split(b",")
    cells[3] = b"987654321"  # PURCHASES: beyond training, and not the sum of its parts
    body[2] = b",".join(cells)
    sent = b"\n".join(body)
    as_json = client.post(BATCH, content=sent, headers=CSV | {"accept": "application/json"}).json()
    as_csv = rows_of(client.post(BATCH, content=sent, headers=CSV))
    told = [" | ".join(f"{one['field']}: {one['message']}" for one in answer["warnings"]) for answer in as_json]
    assert [row["warnings"] for row in as_csv] == told
    assert re.match(r"PURCHASES: .* lies outside .* \| PURCHASES: Purchases are not the sum of", told[1])
    assert "" in told
    said = client.get("/openapi.json").json()["paths"][BATCH]["post"]
    described = said["responses"]["200"]["content"]["text/csv"]["schema"]["description"]
    assert described.endswith(", ".join(as_csv[0]))
    assert "`FIELD: message`" in said["description"]


def test_many_customers_are_compared_with_training_whatever_way_they_are_sent(client, models):
    frame = models.sample().head(400)
    frame = frame.assign(CREDIT_LIMIT=3 * frame["CREDIT_LIMIT"])
    found = client.post(DRIFT, content=frame.to_csv(index=False).encode(), headers=CSV).json()
    sent = [{"features": {name: value for name, value in row.items() if value == value}}
            for row in frame.drop(columns="customer_id").to_dict("records")]  # fmt: skip
    assert client.post(DRIFT, content=json.dumps(sent)).json()["features"] == found["features"]
    made = models.made()
    placed = (made.place(frame)[name].to_numpy() for name in ("segment", "confidence", "distance"))
    done = Scored(tally=drift.tally(made, frame, *placed), n_rows=400)
    assert found["features"] == drift.by_feature(made, done.tally).to_dict("records")
    assert found["segments"] == scoring.summary(made, done)["segments"]
    assert found["warnings"][0].startswith("warning: ")
    assert any("Credit limit: large shift" in line for line in found["warnings"])
    few = client.post(DRIFT, content=sample_csv(7), headers=CSV).json()
    assert few["warnings"][0] == "7 customers are too few to tell whether they are like those of training."


def test_customers_are_placed_and_compared_by_one_request(client):
    body = sample_csv(1200).replace(b"SYN-00002", 'é "2" \\'.encode()).replace(b"SYN-00003", b"'3\t")
    wanted = {"accept": "application/vnd.card-segments.scored+json"}
    both = client.post(BATCH, content=body, headers=CSV | wanted).json()
    assert both["scored"] == client.post(BATCH, content=body, headers=CSV).text
    assert both["drift"] == client.post(DRIFT, content=body, headers=CSV).json()


def test_what_cannot_be_placed_cannot_be_compared(client, small):
    assert "the model needs" in reason(client.post(DRIFT, content=b"a,b\n1,2\n", headers=CSV))
    assert "not application/xml" in reason(
        client.post(DRIFT, content=b"", headers={"content-type": "application/xml"}), 415
    )
    assert "more than 20 customers" in reason(small.post(DRIFT, content=sample_csv(21), headers=CSV), 413)


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")
def test_every_customer_of_the_real_file_is_placed_as_in_python(client, models):
    found = rows_of(client.post(BATCH, content=REAL.read_bytes(), headers=CSV))
    frame = data.load(REAL).frame
    placed = models.made().place(frame)
    assert len(found) == 8950
    assert [row["customer_id"] for row in found] == frame["customer_id"].tolist()
    assert [int(row["segment"]) for row in found] == placed["segment"].tolist()
    assert [float(row["distance"]) for row in found] == pytest.approx(placed["distance"].tolist(), abs=1e-9)


def test_an_upload_is_answered_like_a_body(client):
    body = sample_csv(30)
    as_body = client.post(BATCH, content=body, headers=CSV)
    as_upload = client.post(BATCH, files={"file": ("../../etc/passwd", body)})
    assert as_upload.headers["content-type"].startswith("text/csv")
    assert as_upload.text == as_body.text


def test_a_file_from_elsewhere_that_lacks_values_is_placed(client):
    text = sample_csv(40).decode().replace("BALANCE,", "balance ,", 1).replace("CUST_ID", "customer number")
    lines = [line.split(",") for line in text.splitlines()]
    for line in lines[1::3]:
        line[3] = ""
    found = rows_of(client.post(BATCH, content="\r\n".join(";".join(line) for line in lines).encode(), headers=CSV))
    assert len(found) == 40


def test_the_answer_comes_in_the_form_that_is_asked_for(client, models):
    sent = [{"id": "A", "features": models.EXAMPLE}, {"features": ONE}]
    as_json = client.post(BATCH, json=sent).json()
    assert [one["id"] for one in as_json] == ["A", "2"]
    lines = client.post(BATCH, json=sent, headers={"accept": "application/x-ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == as_json
    as_csv = rows_of(client.post(BATCH, json=sent, headers={"accept": "text/csv"}))
    assert [int(row["segment"]) for row in as_csv] == [one["cluster_id"] for one in as_json]
    assert (
        client.post(BATCH, content=sample_csv(3), headers=CSV | {"accept": "application/json"}).json()[0]["imputed"]
        == []
    )


def test_more_customers_than_are_sent_at_a_time_all_come_back(client):
    sent = [{"id": str(number), "features": ONE} for number in range(2500)]
    found = client.post(BATCH, content=json.dumps(sent)).json()
    assert [one["id"] for one in found] == [one["id"] for one in sent]
    as_csv = rows_of(client.post(BATCH, content=json.dumps(sent), headers={"accept": "text/csv"}))
    assert [row["customer_id"] for row in as_csv] == [one["id"] for one in sent]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "'=1"])
def test_a_formula_in_an_id_stays_text_in_csv_and_unchanged_in_json(client, name):
    sent = [{"id": name, "features": ONE}]
    assert client.post(BATCH, json=sent).json()[0]["id"] == name
    assert rows_of(client.post(BATCH, json=sent, headers={"accept": "text/csv"}))[0]["customer_id"] == f"'{name}"


def test_a_carriage_return_in_an_id_starts_no_line_of_the_csv(client):
    sent = [{"id": "A\r=HYPERLINK(1)", "features": ONE}, {"id": "B", "features": ONE}]
    response = client.post(BATCH, json=sent, headers={"accept": "text/csv"})
    assert '\n"A\r=HYPERLINK(1)",' in response.text
    assert [row["customer_id"] for row in rows_of(response)] == ["A\r=HYPERLINK(1)", "B"]


def test_ids_with_commas_quotes_and_line_breaks_come_back(client):
    names = ['a,"b"\nc', "00012", "é 日本", "<script>"]
    sent = [{"id": name, "features": ONE} for name in names]
    assert [
        row["customer_id"] for row in rows_of(client.post(BATCH, json=sent, headers={"accept": "text/csv"}))
    ] == names


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{}", "must be a list of customers"),
        (b"[]", "must be a list of customers"),
        (b"[1]", "must be an object"),
        (b'[{"features": {"CREDIT_LIMIT": -1}}]', "CREDIT_LIMIT must be between"),
        (b'[{"features": {"BALANCE": 1}}, {"features": {"TENURE": null}}]', "no value in any feature"),
        (b'[{"id": 5, "features": {"BALANCE": 1}}]', "must be text"),
        (b'[{"id": "\\ud800", "features": {"BALANCE": 1}}]', "not UTF-8"),
    ],
)
def test_bad_json_is_refused_with_its_place(client, body, message):
    assert message in reason(client.post(BATCH, content=body, headers={"content-type": "application/json"}))


def test_every_problem_says_which_customer(client):
    sent = [{"features": ONE}, {"features": {"CREDIT_LIMIT": -1}}, {"features": {"TENURE": "x"}}]
    detail = client.post(BATCH, json=sent).json()["detail"]
    assert [one["loc"] for one in detail] == [
        ["body", 1, "features", "CREDIT_LIMIT"],
        ["body", 2, "features", "TENURE"],
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "the model needs"),
        (b"\x00\x01\x02", ""),
        (sample_csv(30).replace(b"SYN-00007,", b"SYN-00007,x", 1), ""),
        (sample_csv(1), None),
    ],
)
def test_bad_csv_is_refused_with_the_reason(client, body, message):
    response = client.post(BATCH, content=body, headers=CSV)
    if message is None:
        assert len(rows_of(response)) == 1
    else:
        assert message in reason(response)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "add it"),
        (b"\x89PNG\r\n\x1a\n rest", "export the table as CSV"),
        (b"<html><table>", "open it in a spreadsheet and save it as CSV"),
        (b"\xd0\xcf\x11\xe0 rest", "save it as CSV"),
        (sample_csv(300).replace(b"SYN-00007,", b"SYN-00007,x", 1), "correct the file"),
        (sample_csv(1) + b"Z" + b"," * 17 + b"\n", "no value in any feature"),
        (sample_csv(300).replace(b",TENURE", b",TENURE,BALANCE", 1).replace(b"\r", b"").replace(b"\n", b",5\n")
         .replace(b",BALANCE,5\n", b",BALANCE\n", 1), "rename all but one"),
    ],
)  # fmt: skip
def test_advice_on_a_file_is_what_a_request_can_follow(client, body, message):
    told = reason(client.post(BATCH, content=body, headers=CSV))
    assert message in told
    assert not re.search(r"[A-Z]{3,}=|xlsx|^the file:", told)


@pytest.mark.parametrize("body", [b"PK\x03\x04rest", b"\x1f\x8brest", b"PAR1rest"])
def test_packed_files_are_refused_before_they_are_opened(client, body):
    assert "plain CSV" in reason(client.post(BATCH, content=body, headers=CSV), 415)


def test_a_header_that_begins_like_an_archive_is_read(client):
    plain = sample_csv(3)
    body = b"PK_BRANCH," + b"\n".join(b"7," + line for line in plain.splitlines()).removeprefix(b"7,")
    assert len(rows_of(client.post(BATCH, content=body, headers=CSV))) == 3


def test_other_kinds_of_bodies_are_refused(client):
    assert "not application/xml" in reason(
        client.post(BATCH, content=b"<a/>", headers={"content-type": "application/xml"}), 415
    )
    assert "Too many files" in reason(client.post(BATCH, files={"file": b"x", "other": b"y"}))
    assert "one file" in reason(client.post(BATCH, files={"f": (None, "x")}))
    assert "boundary" in reason(client.post(BATCH, content=b"x", headers={"content-type": "multipart/form-data"}))


def test_too_many_customers_are_refused(small):
    assert "more than 20 customers" in reason(small.post(BATCH, json=[{"features": ONE}] * 21), 413)
    assert "more than 20 customers" in reason(small.post(BATCH, content=sample_csv(21), headers=CSV), 413)
    assert len(small.post(BATCH, json=[{"features": ONE}] * 20).json()) == 20


def test_a_mistake_in_a_body_is_told_of_no_file(client):
    detail = client.post(BATCH, content=b"BALANCE\nmuch\n", headers=CSV).json()["detail"]
    assert not detail[0]["msg"].startswith("the file")
