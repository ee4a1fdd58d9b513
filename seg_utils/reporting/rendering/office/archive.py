"""What all Office files have in common: they are zip archives that would otherwise bear the time they were made at."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from seg_utils.reporting.rendering import theme

CORE = "docProps/core.xml"
STAMP = re.compile(rb"<dcterms:(created|modified)\b[^>]*?(?:/>|>.*?</dcterms:\1>)", re.DOTALL)


def settle(path: Path) -> Path:
    """Rewrite an Office file such that its bytes depend on its content alone, and on SOURCE_DATE_EPOCH."""
    return rewrite(path, lambda name, data: _dated(data) if name == CORE else data)


def rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Rewrite each member of an archive by ``change(name, data)``, in order, without times."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, change(name, archive.read(name))) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            member = zipfile.ZipInfo(name)  # of 1980, the first year a zip archive can tell of
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return path


def _dated(core: bytes) -> bytes:
    """The document's properties with the report's date, or with none."""
    date = theme.date()
    if date is None:
        return STAMP.sub(b"", core)
    stamp = f"{date:%Y-%m-%dT%H:%M:%SZ}".encode("ascii")
    return STAMP.sub(
        lambda match: b'<dcterms:%b xsi:type="dcterms:W3CDTF">%b</dcterms:%b>' % (match[1], stamp, match[1]), core
    )
