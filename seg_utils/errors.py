"""Errors a user can mend: one line that names the value, what is allowed and the fix."""


class UserError(Exception):
    """Something the user gave is wrong; its text is all they see, never a traceback."""


class ParameterError(UserError):
    """A parameter of a run is outside what is allowed."""


class DataError(UserError):
    """A customers file cannot be read as customers."""


class CatalogueError(UserError):
    """An analyst's configuration file (dictionary, personas, economics) holds a mistake."""


class NoSegmentsError(UserError):
    """The evidence says that these customers form no segments."""


class RenderError(UserError):
    """The report could not be rendered."""
