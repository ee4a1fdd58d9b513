"""Fetch the public customers file from OpenML, checked before it takes its place."""

import http.client
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from seg_utils.core import artefacts
from seg_utils.core.errors import DataError
from seg_utils.core.paths import RAW
from seg_utils.data.loading import load

OPENML_ID = 43618
NAME = "cc-general.csv"
ROWS = 8950  # customers in the public file


def fetch(folder: Path = RAW, download: Callable[[], pd.DataFrame] | None = None) -> Path:
    """Download the public file into ``folder`` and return its path. It is read through the package's own loader before
    it replaces anything, so a file that is there is whole. A DataError where there is no network, or what came is not
    the public file."""
    path = Path(folder) / NAME
    try:
        frame = (download or _download)()
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = " ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__
        raise DataError(
            f"the public customers file (OpenML {OPENML_ID}) could not be downloaded: {reason}; check the network, "
            "or run on a file of your own with DATA=path/to/customers.csv"
        ) from None
    with artefacts.replacing(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")
        customers = load(temporary)
        if len(customers.frame) != ROWS:
            raise DataError(
                f"OpenML {OPENML_ID} sent {len(customers.frame):,} customers and not {ROWS:,}; none was kept, try again"
            )
    return path


def _download() -> pd.DataFrame:
    from sklearn.datasets import fetch_openml  # slow to import, and needed by nothing else here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a retry is announced; only its outcome matters
        # this parser keeps every digit; the file is small enough for its pace
        return fetch_openml(data_id=OPENML_ID, as_frame=True, parser="liac-arff", cache=False, n_retries=1).frame
