"""Scoring a large file of new customers: this package beside a plain pandas and scikit-learn script.

Both are whole processes, imports included, on the same file with a model that is there, in turns. The plain script
reads, fills, takes logarithms, standardises, predicts and writes the columns it can: no checks, no drift, no drivers.

Run: ``python benchmarks/scoring.py [--rows 1000000] [--rounds 3]``
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measuring import AMOUNTS, IDS, SEED, Cost, customers, in_own_process

from seg_utils.core import paths

ROWS = 1_000_000
ROUNDS = 3
K = 7
MB_PER_MAXRSS = 1 / 1024  # Linux counts in kilobytes
LOGS = [*AMOUNTS, "CASH_ADVANCE_TRX", "PURCHASES_TRX"]
PLAIN = "plain.json"


def main(arguments: list[str] | None = None) -> None:
    """Print the medians of seconds, processor seconds and peak memory of both, and of their ratios in each round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--plain", nargs=2, metavar=("DATA", "FOLDER"), help="be the plain script")
    options = parser.parse_args(arguments)
    if options.plain:
        plain(*map(Path, options.plain))
        return
    print(f"{options.rows:,} customers of CSV; whole processes, median of {options.rounds} rounds in turns")
    print(f"{'':36}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_own_process(write_models, folder)
        for ids in IDS:
            data = folder / "customers.csv"
            in_own_process(write_customers, data, options.rows, ids)
            compare(folder, data, ids, options.rounds)


def compare(folder: Path, data: Path, ids: str, rounds: int) -> None:
    """Both on one file, taking turns."""
    scored = ["score", f"DATA={data}", f"MODEL={folder}", f"OUT={folder / 'scores'}"]
    sides = {
        "pandas + scikit-learn": [sys.executable, __file__, "--plain", str(data), str(folder)],
        "make score": [sys.executable, "-m", "seg_utils", *scored],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, command in sides.items():
            costs[name].append(measured(command))
    for name, rows in costs.items():
        print(f"{f'{name}, {ids} ids':36}" + "".join(f"{median(column):9.2f}" for column in zip(*rows, strict=True)))
    plainly, ours = (zip(*costs[name], strict=True) for name in sides)
    ratios = (
        [one / other for one, other in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(ours, plainly, strict=True)
    )
    print(f"{'ratio':36}" + "".join(f"{median(ratio):9.2f}" for ratio in ratios), flush=True)


def write_customers(path: Path, rows: int, ids: str) -> None:
    """Many customers as CSV."""
    customers(rows, ids).to_csv(path, index=False)


def write_models(folder: Path) -> None:
    """A model of the bundled customers, as this package and as the plain script keep one."""
    from seg_utils import clustering, data
    from seg_utils.features import feature_space
    from seg_utils.scoring import model

    frame = data.load(paths.SAMPLE).frame
    fitted = feature_space.fit(frame, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(frame), K, seed=SEED, min_starts=10, max_starts=10)
    model.build(frame, fitted, found, algorithm="kmeans", seed=SEED).save(folder / "model.json")

    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans

    trained = pd.read_csv(paths.SAMPLE).iloc[:, 1:]
    fill = trained.median()
    filled = trained.fillna(fill)
    filled[LOGS] = np.log1p(filled[LOGS])
    mean, deviation = filled.mean(), filled.std(ddof=0)
    centers = KMeans(K, n_init=10, random_state=SEED).fit((filled - mean) / deviation).cluster_centers_
    kept = {"fill": fill.to_dict(), "mean": mean.tolist(), "deviation": deviation.tolist(), "centers": centers.tolist()}
    (folder / PLAIN).write_text(json.dumps(kept), encoding="utf-8")


def plain(data: Path, folder: Path) -> None:
    """What a short script does with a model that is there."""
    import numpy as np
    import pandas as pd
    from sklearn.metrics import pairwise_distances

    kept = json.loads((folder / PLAIN).read_text(encoding="utf-8"))
    new = pd.read_csv(data)
    filled = new.iloc[:, 1:].fillna(kept["fill"])
    filled[LOGS] = np.log1p(filled[LOGS])
    X = (filled.to_numpy() - kept["mean"]) / kept["deviation"]
    distances = pairwise_distances(X, np.array(kept["centers"]))
    order = distances.argsort(axis=1)
    nearest = np.take_along_axis(distances, order[:, :2], axis=1)
    names = np.array([f"Segment {segment}" for segment in range(K)])
    scored = pd.DataFrame({"customer_id": new.iloc[:, 0], "segment": order[:, 0]})
    scored["persona"] = names[scored["segment"]]
    scored["confidence"] = 1 - nearest[:, 0] / nearest[:, 1]
    scored["distance"] = nearest[:, 0]
    for place, word in ((1, "second"), (2, "third")):
        scored[f"{word}_segment"] = order[:, place]
        scored[f"{word}_persona"] = names[order[:, place]]
    scored.to_csv(folder / "plain.csv", index=False)


def measured(command: list[str]) -> Cost:
    """Seconds, processor seconds and peak megabytes of a process."""
    start = time.perf_counter()
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, cwd=paths.PROJECT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * MB_PER_MAXRSS)


if __name__ == "__main__":
    main()
