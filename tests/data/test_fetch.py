"""The public file is checked before it takes its place; without a network there is one line."""

from urllib.error import URLError

import pytest

from seg_utils.core.errors import DataError
from seg_utils.data import fetch

from .good_customers import good_customers, same


def test_fetched_file_is_checked_and_whole(tmp_path):
    public = good_customers(fetch.ROWS).rename(columns=lambda name: name.replace("_", ""))
    path = fetch.fetch(tmp_path, lambda: public)
    same(fetch.load(path), good_customers(fetch.ROWS))
    assert [one.name for one in tmp_path.iterdir()] == [fetch.NAME]


def test_no_network(tmp_path):
    def offline():
        raise URLError("Name or service not known")

    with pytest.raises(
        DataError, match=r"could not be downloaded: Name or service not known; check the network"
    ) as caught:
        fetch.fetch(tmp_path, offline)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("frame", "message"),
    [(good_customers(50), "sent 50 customers and not 8,950"), (good_customers(50).drop(columns="BALANCE"), "BALANCE")],
)
def test_another_file_is_not_kept(tmp_path, frame, message):
    (tmp_path / fetch.NAME).write_text("as it was")
    with pytest.raises(DataError, match=message):
        fetch.fetch(tmp_path, lambda: frame)
    assert (tmp_path / fetch.NAME).read_text() == "as it was"
    assert len(list(tmp_path.iterdir())) == 1
