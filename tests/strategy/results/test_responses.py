"""What a responses file may look like, and what is refused."""

import re

import numpy as np
import pandas as pd
import pytest

from seg_utils.core.errors import DataError
from seg_utils.strategy.results import responses


def written(tmp_path, text: str, name: str = "responses.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("yes", "no"), [("yes", "no"), ("Y", "N"), ("TRUE", "false"), ("1", "0"), ("1.0", "0.0")], ids=str
)
def test_yes_and_no_in_any_spelling(tmp_path, yes, no):
    path = written(tmp_path, f"Customer ID,Responded,Treated\nA,{yes},{yes}\nB,{no},{no}\nC,,{yes}\n")
    found = responses.read(path)
    assert (found.outcomes, found.yes_no) == (("outcome",), {"outcome"})
    assert found.frame["outcome"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found.frame["outcome"][2])
    assert found.frame["contacted"].tolist() == [True, False, True]


def test_amounts_costs_and_several_outcomes(tmp_path):
    path = written(tmp_path, "id;Purchases;closed;cost;note\n1;1.234,50;no;0,02;x\n2;;yes;0;y\n3;12,00;no;0;z\n")
    found = responses.read(path)
    assert found.outcomes == ("purchases", "closures")
    assert found.yes_no == {"closures"}
    assert found.frame["purchases"].tolist()[::2] == [1234.5, 12.0]
    assert found.frame["cost"].tolist() == [0.02, 0, 0]
    assert list(found.frame) == ["customer_id", "row", "purchases", "closures", "cost"]
    assert found.frame["row"].tolist() == [2, 3, 4]


@pytest.mark.parametrize("end", ["xlsx", "parquet", "csv.gz"])
def test_every_format_that_customers_come_in(tmp_path, end):
    frame = pd.DataFrame({"customer_id": ["A", "B"], "outcome": [1.5, 2.0], "contacted": [True, False]})
    path = tmp_path / f"responses.{end}"
    {"xlsx": frame.to_excel, "parquet": frame.to_parquet, "csv.gz": frame.to_csv}[end](path, index=False)
    found = responses.read(path).frame
    assert found["customer_id"].tolist() == ["A", "B"]
    assert found["outcome"].tolist() == [1.5, 2.0]
    assert found["contacted"].tolist() == [True, False]


def test_numbered_ids_of_a_data_frame_lose_their_decimal(tmp_path):
    assert responses.read(written(tmp_path, "id,outcome\n7.0,1\n8.0,0\n")).frame["customer_id"].tolist() == ["7", "8"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,outcome\nA,1\n", "no column holds the customers' ids; name it customer_id"),
        ("customer_id,answer\nA,1\n", "no column holds an outcome; name it outcome or income or"),
        ("customer_id,outcome,response\nA,1,1\n", "two columns ('outcome', 'response') hold the outcome; keep one"),
        ("customer_id,outcome\n", "header but no rows"),
        ("customer_id,outcome\nA,1\nB,0\nA,1\n", "1 id stands on several rows, such as 'A' (rows 2, 4)"),
        ("customer_id,outcome\nA,1\n,0\n", "1 row has no id, the first is row 3"),
        ("customer_id,outcome\nA,yes\nB,perhaps\n", "'outcome' holds yes and no, but 'perhaps' in row 3"),
        ("customer_id,outcome\nA,12.5\nB,much\n", "1 cell of 'outcome' cannot be read (row 3 'much')"),
        (
            "customer_id,outcome\n" + "".join(f"C{i},{'ja' if i % 2 else 'nein'}\n" for i in range(3000)),
            "3,000 cells of 'outcome' cannot be read (row 2 'nein', row 3 'ja', row 4 'nein'); the outcome is a "
            "number, or yes or no, written 1, t, true, y, yes or 0, f, false, n, no",
        ),
        ("customer_id,outcome\nA,\nB,\n", "'outcome' is empty; give the outcome of each customer"),
        ("customer_id,outcome,contacted\nA,1,yes\nB,0,\n", "1 row does not say whether the customer was contacted"),
        ("customer_id,outcome,contacted\nA,1,2\nB,0,0\n", "contacted is yes or no, not 2"),
        ("customer_id,closures\nA,1\nB,7\n", "closures must be yes or no for each customer, not amounts such as 7"),
        ("customer_id,outcome,cost\nA,1,-2\nB,0,0\n", "'cost' holds -2; cost is a number from 0 to 1e+12"),
        ("customer_id,purchases\nA,1e308\nB,0\n", "'purchases' holds 1e+308; purchases is a number from -1e+12 to"),
        ("customer_id,outcome,cost\nA,1,1e300\nB,0,0\n", "'cost' holds 1e+300; cost is a number from 0 to 1e+12"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_mend(tmp_path, text, says):
    with pytest.raises(DataError, match=re.escape(says)) as caught:
        responses.read(written(tmp_path, text))
    assert str(caught.value).startswith("responses.csv: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"responses\.csv: "):
        responses.read(written(tmp_path, "%PDF-1.7"))
