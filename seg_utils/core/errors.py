"""Errors a user can mend: one line that names the value, what is allowed and the fix."""

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Something the user gave is wrong; its text is all they see, never a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in a notebook, in place of a traceback."""
        return [str(self)]


class ParameterError(UserError):
    """A parameter of a run is outside what is allowed."""


class DataError(UserError):
    """A customers file cannot be read as customers."""


class OtherSchemaError(DataError):
    """A customers file lacks most of what the dictionary describes."""


class CatalogueError(UserError):
    """An analyst's configuration file (dictionary, personas, economics) holds a mistake."""


class NoSegmentsError(UserError):
    """The evidence says that these customers form no segments."""


class RenderError(UserError):
    """The report could not be rendered."""


class StageError(UserError):
    """A stage ran to its end without writing all that it is to write."""


class OrderError(UserError):
    """A notebook was run before the one whose results it reads."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of a message on a name that is not known: the known one it is nearly, in any case of letters, if any."""
    by_key = {name.casefold(): name for name in known}
    near = get_close_matches(str(given).casefold(), by_key, n=1)
    return f"; did you mean {by_key[near[0]]}?" if near else ""
