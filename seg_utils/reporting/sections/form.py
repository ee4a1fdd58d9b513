"""The form that says which segment one customer is in: on a screen only, computed in the page."""

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.run_artefacts import Run
from seg_utils.scoring import MODEL_MIME, model
from seg_utils.scoring.payload import fits, payload

SECTION = """::: {{.screen}}
## Which segment is this customer in?

{text}
:::
"""

FORM = """Give what is known of one customer and see the segment, how sure that is, and what to do. Typical values are
filled in; a field left blank counts as it did in training, but one must be given. "Compare with a change" keeps this
customer and shows what other values would do. Everything is computed in this page: nothing is sent.{caution}

::: {{#customer-form}}
The form needs a browser that runs JavaScript, and this one does not. `make serve` answers the same question by a
request.
:::"""

TOO_LARGE = """This model is too large to be carried in a page. `make serve`, given the folder of this run as `MODEL`,
opens a page with a form for one customer."""


def _caution(run: Run) -> str:
    """Which answers say where a customer stands and not what to do; empty where all segments hold up."""
    weak = [
        markdown.escape_markdown(words.name(run.names[one])) for one in run.segments if not run.may_be_aimed_at(one)
    ]
    if not weak:
        return ""
    which = narrative.few(weak, run.k) if run.has_segments else "any segment"
    return f" Where it names {which}, that says where the customer stands, and nothing of what to do."


def show(run: Run) -> None:
    """Show the section in the report notebook, with the model beside it for the renderer."""
    from IPython.display import display

    made = payload(model.from_dict(run.model))
    if fits(made):
        display({"text/markdown": SECTION.format(text=FORM.format(caution=_caution(run))), MODEL_MIME: made}, raw=True)
    else:
        display({"text/markdown": SECTION.format(text=TOO_LARGE)}, raw=True)
