"""A notebook as anyone would write it: Markdown, data frames and charts with Quarto's cell options, pictures."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

# Cells; those of code begin with an exclamation mark
CELLS = (
    "# What an ordinary notebook shows\n\nSee @fig-bars, @fig-dots and @tbl-money.",
    """!from matplotlib import pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import Markdown, display

from seg_utils.reporting.figures import style

style.use()
money = pd.DataFrame({"segment": ["A|b", "<b>x</b>", "*c* $1$"], "money": [1.234, -2.5, None], "share": 0.1})""",
    "## Tables",
    """!#| label: tbl-money
#| tbl-cap: >
#|   Money of each
#|   segment, *rounded*
#| classes: sortable
money.round(2)""",
    "!money.style.format(precision=1).hide(axis='index')",
    "!display(money.groupby('share').agg({'money': ['min', 'max']}))\nmoney[['segment']]",
    "## Figures",
    """!#| label: fig-bars
#| fig-cap: Bars in **bold**
#| fig-alt: Three bars
money.set_index("segment")["money"].plot.bar()""",
    """!#| fig-cap: Of seaborn, without a label
#| fig-alt: Three bars
sns.barplot(money, x="segment", y="share")""",
    """!#| fig-cap: Drawn, and the last value of its cell
#| fig-alt: A line
figure, axis = plt.subplots()
axis.plot([50, 30_000])
axis.set_yscale("log")
figure""",
    """!display(Markdown("::: {.card}\\n\\n### A block"))
for name in "ab":
    display(Markdown(f"Text {name} with **bold** and 29 %."))""",
    "that ends in a later cell.\n\n:::",
    """!%config InlineBackend.figure_formats = ['svg']
print("for the analyst")""",
    """!#| fig-cap: As the inline backend draws
#| fig-alt: Dots
plt.scatter(range(9), range(9));""",
    "!%config InlineBackend.figure_formats = ['png']",
    """!#| label: fig-dots
#| fig-cap: A picture of dots
#| fig-alt: Dots
plt.scatter(range(9), range(9))
plt.show()""",
)


def notebook() -> NotebookNode:
    """The notebook, not executed."""
    cells = [new_code_cell(cell[1:]) if cell[0] == "!" else new_markdown_cell(cell) for cell in CELLS]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})
