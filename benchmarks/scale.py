"""Tables of millions of customers: ``make report`` and ``make score`` beside a plain DuckDB and scikit-learn script.

All are whole processes with their children on the same folder of Parquet parts, which is made from the bundled
customers first and kept. The plain script computes statistics of all, draws a sample by hash, fits it, places everybody
in SQL, writes that as Parquet and adds up profiles; once more, it also compares all numbers of segments from 2 to 20 by
scikit-learn's criteria. It has no checks of what customers cannot have, no bootstrap, nothing random to compare with,
no personas, prices or report, and does not notice a table that changes.

Run: ``python benchmarks/scale.py [FOLDER [ROWS …]]``
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import AMOUNTS, SEED, write_parts

from report import PROJECT, measured, report_into

if TYPE_CHECKING:
    import numpy as np

K, STARTS = 7, 50
SILHOUETTES = 10_000
MEMORY = "1GB"
PLAIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); import scale; "
    "scale.plain(sys.argv[2], scale.Path(sys.argv[3]), evidence=len(sys.argv) > 4)"
)
SIZES = [2_000_000, 10_000_000]
LOGS = {*AMOUNTS, "CASH_ADVANCE_TRX", "PURCHASES_TRX"}


def plain(parts: str, out: Path, *, evidence: bool) -> None:
    """What a short script does; with ``evidence``, it looks at every number of segments."""
    import duckdb
    import numpy as np
    from sklearn.cluster import KMeans

    from seg_utils.data.population import SAMPLED

    con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(out)})
    names = [name for name, *_ in con.execute(f"describe from '{parts}'").fetchall()]
    key, features = names[0], names[1:]
    used = {name: f"ln(1 + greatest({name}, 0))" if name in LOGS else name for name in features}
    of_all = ", ".join(f"count({n}), min({n}), max({n}), avg({n}), stddev({n})" for n in features)
    con.execute(f"select count(*), count(distinct {key}), {of_all} from '{parts}'").fetchall()
    rows = con.execute(f"select count(*) from '{parts}'").fetchone()[0]
    bound = f"{int(min(SAMPLED / rows, 1) * (2**32 - 1)):08x}"
    drawn = con.execute(
        f"select {', '.join(used.values())} from '{parts}' where left(md5({key}), 8) <= '{bound}' order by {key}"
    ).fetchnumpy()
    sample = np.column_stack([np.ma.filled(column.astype(float), np.nan) for column in drawn.values()])
    fill = np.nanmedian(sample, axis=0)
    sample = np.where(np.isnan(sample), fill, sample)
    mean, deviation = sample.mean(axis=0), sample.std(axis=0)
    if evidence:
        compare((sample - mean) / deviation)
    centres = KMeans(K, n_init=STARTS, random_state=SEED).fit((sample - mean) / deviation).cluster_centers_
    scaled = {
        name: f"(coalesce({formula}, {fill[i]!r}) - {mean[i]!r}) / {deviation[i]!r}".replace("np.float64", "")
        for i, (name, formula) in enumerate(used.items())
    }
    distances = [
        " + ".join(f"({name}_ - {float(value)!r}) ** 2" for name, value in zip(features, centre, strict=True))
        for centre in centres
    ]
    columns = ", ".join(f"{formula} as {name}_" for name, formula in scaled.items())
    far = ", ".join(f"{formula} as d{segment}" for segment, formula in enumerate(distances))
    least = f"least({', '.join(f'd{segment}' for segment in range(K))})"
    segment = "case " + " ".join(f"when d{one} = {least} then {one}" for one in range(K)) + " end"
    measured_from = f"select *, {far} from (select *, {columns} from '{parts}')"
    placed = f"select *, {segment} as segment, sqrt({least}) as distance from ({measured_from})"
    kept = ", ".join([key, *features, "segment", "distance"])
    con.execute(f"copy (select {kept} from ({placed})) to '{out}/placed.parquet'")
    means = ", ".join(f"avg({name}), sum({name}), approx_quantile({name}, 0.5)" for name in features)
    con.execute(
        f"select segment, count(*), sum(distance ** 2), {means} from '{out}/placed.parquet' group by 1"
    ).fetchall()


def compare(X: "np.ndarray") -> None:
    """Every number of segments from 2 to 20, with scikit-learn's usual starts and criteria."""
    from sklearn import metrics
    from sklearn.cluster import KMeans

    for k in range(2, 21):
        found = KMeans(k, n_init=10, random_state=SEED).fit(X)
        metrics.silhouette_score(X, found.labels_, sample_size=SILHOUETTES, random_state=SEED)
        metrics.davies_bouldin_score(X, found.labels_)
        metrics.calinski_harabasz_score(X, found.labels_)


def main(folder: Path, sizes: list[int]) -> None:
    """Print wall and processor seconds and peak memory of each at each size."""
    print(f"{'':<44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}", flush=True)
    for rows in sizes:
        parts = write_parts(rows, folder / f"{rows}")
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        run = [sys.executable, "-m", "seg_utils"]
        script = [sys.executable, "-c", PLAIN, str(Path(__file__).parent), f"{parts}/*.parquet", str(out)]
        sides = {
            "plain script": script,
            "plain script, k = 2 to 20": [*script, "evidence"],
            "make report K=7": [*report_into(str(out)), f"DATA={parts}"],
            "make report K=7 again": [*report_into(str(out)), f"DATA={parts}"],
            "make score": [*run, "score", f"DATA={parts}", f"MODEL={out}", f"OUT={out / 'scores'}"],
        }
        for name, command in sides.items():
            if name == "make score":
                model = next(out.glob("*/log-median/k7/model.json"))
                command = [word.replace(f"MODEL={out}", f"MODEL={model}") for word in command]
            cost = measured(command, PROJECT)
            print(f"{f'{name}, {rows:,} rows':<44}" + "".join(f"{value:>9.1f}" for value in cost), flush=True)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    if sys.argv[1:]:
        main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]] or SIZES)
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made), SIZES[:1])
