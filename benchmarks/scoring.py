"""Scoring a large file of new customers: this package beside a plain pandas and scikit-learn script.

Both are whole processes, imports included, on the same file, one after the other. The plain script reads, fills, takes
logarithms, standardises, predicts and writes the columns it can: no checks, no drift, no drivers.

Run: ``python benchmarks/scoring.py [--rows 1000000]``
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seg_utils.core import paths

ROWS = 1_000_000
K = 7
SEED = 42
MB_PER_MAXRSS = 1 / 1024  # Linux counts in kilobytes
CHUNK = 100_000
JITTER = 0.05
AMOUNTS = [
    "BALANCE", "PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "CREDIT_LIMIT", "PAYMENTS",
    "MINIMUM_PAYMENTS",
]  # fmt: skip
LOGS = [*AMOUNTS, "CASH_ADVANCE_TRX", "PURCHASES_TRX"]


def main(arguments: list[str] | None = None) -> None:
    """Print seconds, processor seconds and peak memory of both, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--plain", nargs=2, metavar=("DATA", "OUT"), help="be the plain script")
    options = parser.parse_args(arguments)
    if options.plain:
        plain(*map(Path, options.plain))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, out = write_customers(folder, options.rows), folder / "scores"
        write_model(folder)
        ours = [sys.executable, "-m", "seg_utils", "score", f"DATA={data}", f"MODEL={folder}", f"OUT={out}"]
        other = [sys.executable, __file__, "--plain", str(data), str(folder / "plain.csv")]
        print(f"{options.rows:,} customers in {data.stat().st_size / 1e6:.0f} MB of CSV; whole processes")
        print(f"{'':28}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}")
        figures = {"pandas + scikit-learn": measured(other), "make score": measured(ours)}
        for who, (wall, cpu, memory) in figures.items():
            print(f"{who:28}{wall:9.2f}{cpu:9.2f}{memory:9.0f}")
        ratios = [one / two for one, two in zip(figures["make score"], figures["pandas + scikit-learn"], strict=True)]
        print(f"{'ratio':28}" + "".join(f"{ratio:9.2f}" for ratio in ratios))


def write_customers(folder: Path, rows: int) -> Path:
    """The bundled customers drawn again and again under new ids, all amounts of one times a factor near 1."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(SEED)
    sample = pd.read_csv(paths.SAMPLE)
    path = folder / "customers.csv"
    for start in range(0, rows, CHUNK):
        drawn = sample.iloc[random.integers(0, len(sample), min(CHUNK, rows - start))].reset_index(drop=True)
        factor = random.lognormal(0, JITTER, (len(drawn), 1))
        drawn[AMOUNTS] = (drawn[AMOUNTS] * factor).round(6)
        drawn[drawn.columns[0]] = [f"N{start + number:08d}" for number in range(len(drawn))]
        drawn.to_csv(path, index=False, mode="a", header=start == 0)
    return path


def write_model(folder: Path) -> None:
    """A run folder with nothing in it but a model of the bundled customers."""
    from seg_utils import clustering, data
    from seg_utils.features import feature_space
    from seg_utils.scoring import model

    frame = data.load(paths.SAMPLE).frame
    fitted = feature_space.fit(frame, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(frame), K, seed=SEED, min_starts=10, max_starts=10)
    model.build(frame, fitted, found, algorithm="kmeans", seed=SEED).save(folder / "model.json")


def plain(data: Path, out: Path) -> None:
    """What a short script does, with a model fitted on the bundled customers on the way, which takes a second."""
    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    trained = pd.read_csv(paths.SAMPLE).iloc[:, 1:]
    fill = trained.median()

    def prepared(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.fillna(fill)
        frame[LOGS] = np.log1p(frame[LOGS])
        return frame

    scaler = StandardScaler().fit(prepared(trained))
    kmeans = KMeans(K, n_init=10, random_state=SEED).fit(scaler.transform(prepared(trained)))
    new = pd.read_csv(data)
    X = scaler.transform(prepared(new.iloc[:, 1:]))
    distances = kmeans.transform(X)
    order = distances.argsort(axis=1)
    nearest = np.take_along_axis(distances, order[:, :2], axis=1)
    names = np.array([f"Segment {segment}" for segment in range(K)])
    scored = pd.DataFrame({"customer_id": new.iloc[:, 0], "segment": kmeans.predict(X)})
    scored["persona"] = names[scored["segment"]]
    scored["confidence"] = 1 - nearest[:, 0] / nearest[:, 1]
    scored["distance"] = nearest[:, 0]
    for place, word in ((1, "second"), (2, "third")):
        scored[f"{word}_segment"] = order[:, place]
        scored[f"{word}_persona"] = names[order[:, place]]
    scored.to_csv(out, index=False)


def measured(command: list[str]) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak megabytes of a process."""
    start = time.perf_counter()
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=paths.PROJECT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * MB_PER_MAXRSS


if __name__ == "__main__":
    main()
