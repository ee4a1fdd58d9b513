"""What may be packed small, and what is a bomb."""

import pytest

from seg_utils.core import paths
from seg_utils.core.errors import DataError
from seg_utils.data.formats.container import FREE_BYTES, MAX_GROWTH, check_growth

PACKED = FREE_BYTES // 10


@pytest.mark.parametrize(
    ("size", "packed", "allowed"),
    [
        (FREE_BYTES, 1, True), (FREE_BYTES + 1, 1, False), (MAX_GROWTH * PACKED, PACKED, True),
        (MAX_GROWTH * PACKED + 1, PACKED, False), (paths.MOST_BYTES, paths.MOST_BYTES, True),
        (paths.MOST_BYTES + 1, paths.MOST_BYTES, False),
    ],
)  # fmt: skip
def test_a_packed_file_may_grow_as_tables_do_and_a_small_one_as_it_likes(size, packed, allowed):
    if allowed:
        check_growth(size, packed)
        return
    with pytest.raises(DataError, match="the file unpacks to"):
        check_growth(size, packed)
