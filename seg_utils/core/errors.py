"""Errors a user can mend: one line that names the value, what is allowed and the fix."""


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


class OrderError(UserError):
    """A notebook was run before the one whose results it reads."""
