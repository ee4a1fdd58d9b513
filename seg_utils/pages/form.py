"""The form that says which segment one customer is in: on a screen only, computed in the page."""

from seg_utils import model
from seg_utils.pages.run import Run
from seg_utils.scoring import MODEL_MIME
from seg_utils.scoring.payload import fits, payload

SECTION = """::: {{.screen}}
## Which segment is this customer in?

{text}
:::
"""

FORM = """Give what is known of one customer and see the segment, how sure that is, and what to do. Typical values are
filled in; a field left blank counts as it did in training, but one must be given. Everything is computed in this page:
nothing is sent.

::: {#customer-form}
The form needs a browser that runs JavaScript, and this one does not. `make serve` answers the same question by a
request.
:::"""

TOO_LARGE = """This model is too large to be carried in a page. `make serve`, given the folder of this run as `MODEL`,
opens a page with a form for one customer."""


def show(run: Run) -> None:
    """Show the section in the report notebook, with the model beside it for the renderer."""
    from IPython.display import display

    made = payload(model.from_dict(run.model))
    if fits(made):
        display({"text/markdown": SECTION.format(text=FORM), MODEL_MIME: made}, raw=True)
    else:
        display({"text/markdown": SECTION.format(text=TOO_LARGE)}, raw=True)
