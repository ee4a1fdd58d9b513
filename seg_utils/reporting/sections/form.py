"""The form that says which segment one customer is in: on a screen only, computed in the page."""

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative, templates
from seg_utils.reporting.run_artefacts import Run
from seg_utils.scoring import MODEL_MIME, model
from seg_utils.scoring.payload import fits, payload


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
    section = templates.fill("form", fits=fits(made), caution=markdown.Markdown(_caution(run)), plans=run.has_plans)
    display({"text/markdown": section} | ({MODEL_MIME: made} if fits(made) else {}), raw=True)
