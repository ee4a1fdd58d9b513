"""Figures as PNG, which every office program shows alike."""

from collections.abc import Mapping
from pathlib import Path

from seg_utils.core.errors import RenderError

PIXELS_PER_INCH = 200
SOURCE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}")\n'


def draw(figures: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """Write every figure (SVG or PNG by file name) as PNG into a folder; gives back the files by label."""
    return {Path(name).stem: _as_png(name, content, folder) for name, content in figures.items()}


def _as_png(name: str, content: bytes, folder: Path) -> Path:
    import typst  # 20 MB of compiler

    (folder / name).write_bytes(content)
    target = (folder / name).with_suffix(".png")
    if target.name == name:
        return target
    source = folder / f"{name}.typ"
    source.write_text(SOURCE.format(name=name), encoding="utf-8")
    try:
        typst.compile(source, output=target, root=folder, format="png", ppi=PIXELS_PER_INCH, ignore_system_fonts=True)
    except typst.TypstError as error:
        raise RenderError(f"the figure {name} cannot be drawn: {error.message}") from None
    return target
