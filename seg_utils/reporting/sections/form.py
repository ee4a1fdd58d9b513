"""The form that says which segment one customer is in: on a screen only, computed in the page."""

from seg_utils.core import words
from seg_utils.reporting import markdown, narrative
from seg_utils.reporting.run_artefacts import Run
from seg_utils.scoring import MODEL_MIME, model
from seg_utils.scoring.payload import fits, payload
from seg_utils.strategy.decisions import NO_CAMPAIGN


def _caution(run: Run) -> str:
    """Which answers say where a customer stands and not what to do; empty where all segments hold up."""
    doubtful = run.strategy.loc[run.strategy["decision"] == NO_CAMPAIGN, "segment"]
    weak = [markdown.escape_markdown(words.name(run.names[segment])) for segment in doubtful]
    if not weak:
        return ""
    segments = narrative.few(weak, run.k) if run.has_segments else "any segment"
    return f" Where it names {segments}, that says where the customer stands, and nothing of what to do."


def show(run: Run) -> None:
    """Show the section in the report notebook, with the model beside it for the renderer."""
    from IPython.display import display

    loaded = payload(model.from_dict(run.model))
    section = markdown.fill("form", fits=fits(loaded), caution=markdown.Markdown(_caution(run)), plans=run.has_plans)
    display({"text/markdown": section} | ({MODEL_MIME: loaded} if fits(loaded) else {}), raw=True)
