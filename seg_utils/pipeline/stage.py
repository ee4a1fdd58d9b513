"""What a stage of the pipeline is; ``stages`` has them all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Stage:
    """What is brought up to date: ``writes`` in ``folder``, made of what it reads and its parameters.

    A ``notebook`` makes them, which is given those parameters that are paths relative to ``folder``; or ``write`` of a
    ``module`` does, which may return the tools that it took beside Python packages. ``environment`` names variables
    that the result depends on, too.
    """

    name: str
    folder: Path
    reads: tuple[Path, ...]
    writes: tuple[str, ...]
    parameters: dict[str, Any]
    notebook: Path | None = None
    module: str = ""
    environment: tuple[str, ...] = ()

    @property
    def executed(self) -> Path:
        """The executed notebook, kept for the analyst."""
        return self.folder / "notebooks" / self.notebook.name

    @property
    def artefacts(self) -> list[Path]:
        """Everything the stage leaves behind."""
        return [self.folder / name for name in self.writes] + ([self.executed] if self.notebook else [])
