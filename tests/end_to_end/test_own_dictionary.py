"""The worked examples of the page on dictionaries, as it gives them: other columns, another trade."""

import json
import os
import re
import shlex
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import paths

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]

PAGE = (paths.DOCS / "dictionary.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^make (?:dictionary|report) .*$", PAGE, re.M)]
OF_CARDS = ("card", "purchase", "balance", "credit", "cash")
QUICK = ("KMAX=4", "FORMATS=html", "RENDERER=builtin")


def run(folder, command, *more):
    """A command of the page, in the folder that holds its files."""
    _, target, *words = command
    outputs = [f"OUTPUTS={folder / 'outputs'}", *QUICK] if target == "report" else []
    environment = {**os.environ, "PYTHONPATH": str(paths.PROJECT)}
    return subprocess.run(
        [sys.executable, "-m", "seg_utils", target, *words, *outputs, *more],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def telco(n=450):
    """Customers of a telecom: new ones, light ones and those who have everything."""
    random = np.random.default_rng(5)
    kind = random.integers(0, 3, n)
    tenure = np.where(kind == 0, random.integers(0, 12, n), random.integers(30, 73, n))
    monthly = random.normal(np.array([70, 20, 100])[kind], 5).round(2)
    total = (tenure * monthly * random.normal(1, 0.02, n)).round(2)
    return pd.DataFrame(
        {
            "customerID": [f"{place:04d}-TEL" for place in range(n)],
            "Contract": np.where(kind == 0, "Month-to-month", "Two year"),
            "tenure": tenure,
            "MonthlyCharges": monthly,
            "TotalCharges": [" " if not months else f"{sum_:g}" for months, sum_ in zip(tenure, total, strict=True)],
            "DataUsedGB": np.exp(random.normal(np.array([2, 1, 4])[kind], 0.5)).round(1),
            "SupportCalls": random.poisson(np.array([4, 1, 1])[kind]) + random.integers(0, 2, n),
            "Churn": np.where(random.random(n) < np.array([0.5, 0.1, 0.1])[kind], "Yes", "No"),
        }
    )


def bank(n=600):
    """The bundled customers as a bank with eight figures a card has them."""
    customers = pd.read_csv(paths.SAMPLE, nrows=n)
    names = {
        "CUST_ID": "Account", "BALANCE": "Bal", "PURCHASES": "Purch_Amt", "CASH_ADVANCE": "CashAdv",
        "CREDIT_LIMIT": "Limit", "PAYMENTS": "Paid", "PRC_FULL_PAYMENT": "PctFull", "PURCHASES_TRX": "N_Purch",
        "TENURE": "Months",
    }  # fmt: skip
    random = np.random.default_rng(6)
    about = {"Age": random.integers(20, 80, n), "Region": random.choice(["North", "South"], n)}
    return customers[[*names]].rename(columns=names).assign(**about)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("dictionary")
    telco().to_csv(made / "telco.csv", index=False)
    bank().to_csv(made / "bank.csv", index=False)
    [written] = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    (made / "bank.yml").write_text(written, encoding="utf-8")
    return made


def command(target, *, about):
    [found] = [one for one in COMMANDS if one[1] == target and f"DATA={about}.csv" in one]
    return found


def plain(html):
    """The words of a page as people read them, without what computes in it."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", html))


@pytest.fixture(scope="module")
def of_telecom(folder):
    proposed = run(folder, command("dictionary", about="telco"))
    assert proposed.returncode == 0, proposed.stderr
    done = run(folder, command("report", about="telco"))
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = re.findall(r"^report.html +(.*)$", done.stdout, re.M)
    return paths.Path(path)


def test_another_trade_gets_a_report_that_speaks_of_no_card(of_telecom):
    text = plain(of_telecom.read_text(encoding="utf-8")).lower()
    assert "total charges" in text
    assert "churn" in text
    assert [word for word in OF_CARDS if re.search(rf"\b{word}s?\b", text)] == []


def test_what_is_left_out_is_said_and_leaves_no_empty_heading(of_telecom):
    left_out = json.loads((of_telecom.parent / "left_out.json").read_text())
    assert set(left_out) == {"money", "personas"}
    html = of_telecom.read_text(encoding="utf-8")
    for sentence in left_out.values():
        assert sentence.split(",")[0].split(":")[0] in plain(html)
    body = html[html.index("<main") if "<main" in html else 0 :]
    assert re.findall(r"<h2[^>]*>[^<]*(?:<[^/][^>]*>[^<]*</[^>]+>)*</h2>\s*<h2", body) == []


def test_segments_are_named_by_what_sets_them_apart_and_outcomes_are_not_compared_by(of_telecom):
    model = json.loads((of_telecom.parent / "model.json").read_text())
    names = [segment["persona"] for segment in model["segments"]]
    assert all(re.match("High|Low", name) for name in names), names
    assert "CHURN" not in model["space"]["features"]


def test_a_model_carries_its_dictionary(folder, of_telecom):
    (folder / "telco.dictionary.yml").rename(folder / "moved.yml")
    try:
        words = ["make", "score", "DATA=telco.csv", f"MODEL={of_telecom.parent}", f"OUT={folder / 'scored.csv'}"]
        done = run(folder, words)
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        (folder / "moved.yml").rename(folder / "telco.dictionary.yml")
    scored = pd.read_csv(folder / "scored.csv")
    placed = pd.read_csv(of_telecom.parent / "segments.csv")
    assert (scored["segment"] == placed["segment"]).all()


def test_another_card_file_has_personas_and_money_as_far_as_its_features_go(folder):
    done = run(folder, command("report", about="bank"))
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = re.findall(r"^report.html +(.*)$", done.stdout, re.M)
    made = paths.Path(path).parent
    left_out = json.loads((made / "left_out.json").read_text())
    assert set(left_out) == {"prices", "some personas"}
    assert "instalment purchases" in left_out["prices"]
    known = {person["persona_id"] for person in json.loads((made / "personas.json").read_text())}
    assert known - {"unnamed"}
    assert json.loads((made / "portfolio.json").read_text())["value"]
    assert "€" in plain((made / "report.html").read_text(encoding="utf-8"))
