"""What the pages say, and when."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from seg_utils.core import dictionary, words
from seg_utils.reporting import markdown, run_artefacts, sections
from seg_utils.reporting.rendering import document
from seg_utils.strategy.testplan import ENOUGH, TOO_SMALL

from .runs import make_run, segment_slides

HOSTILE = ["<script>alert(1)</script>", "| a | `b` [c](d) **e** $f$", "{=html} {{< x >}} ::: {.x}", "# ü\n\n---\n\x00"]


def every_page(run):
    parts = [sections.page_one.page(run), sections.segments.glance(run)]
    for segment in run.segments:
        parts += [sections.segments.opening(run, segment), sections.segments.closing(run, segment)]
    parts += [page(run) for page in (sections.actions.strategy, sections.actions.audiences, sections.economics.page)]
    parts += [sections.actions.test_plan(run)]
    parts += [getattr(sections.evidence, name)(run) for name in ("choice", "votes", "scores", "scales", "trust")]
    parts += [sections.appendix.quality(run), sections.appendix.method(run), sections.appendix.glossary(run)]
    return "\n".join([*parts, sections.appendix.reproduction(run, {"numpy": "2.4"})])


def row_of(table, name):
    """The row of a segment, in all tables that there are."""
    return "\n".join(line for line in table.splitlines() if line.startswith(f"| [{name}]"))


def campaigns(run):
    """The table of what moves may bring, after that of what segments are worth."""
    return sections.economics.page(run).split("tbl-values")[1].split("tbl-economics")[0]


def test_synthetic_customers_are_named_first_and_real_ones_are_not():
    assert 'title="Synthetic customers"' in sections.page_one.page(make_run(2, synthetic=True)).split("{.lead}")[0]
    assert "ynthetic" not in sections.page_one.page(make_run(2))


def test_a_segment_not_to_build_on_says_so_on_page_one_on_its_own_and_in_every_table():
    run = make_run(3, jaccard=[0.9, 0.8, 0.4])
    paying = run.strategy.assign(campaign_value_base=1e5, break_even_effect=0.01)
    run = make_run(3, jaccard=[0.9, 0.8, 0.4], strategy=paying)
    front = sections.page_one.page(run)
    assert "do not build a campaign on Persona C" in front
    assert "now of segment 1" in front
    assert "now of segment 2" not in front
    assert "Do not build on this segment" in sections.segments.opening(run, 2)
    assert "Do not build" not in sections.segments.opening(run, 0) + sections.segments.opening(run, 1)
    for table in (sections.segments.glance(run), sections.actions.strategy(run), campaigns(run)):
        assert "[do not build on]{.badge .weak}" in row_of(table, "Persona C")
        assert "do not build on" not in row_of(table, "Persona A")
    assert [bool(slide.warning) for slide in segment_slides(run)] == [False, False, True]


def test_a_k_forced_on_customers_without_segments_is_the_headline():
    verdict = make_run(2).k_verdict | {
        "recommended_k": None,
        "acceptable_k": [],
        "sentence": "There are no segments here.",
    }
    run = make_run(2, k_verdict=verdict)
    front = sections.page_one.page(run)
    assert front.split("\n")[1].startswith("# The evidence finds no segments")
    assert 'title="No segments"' in front.split("{.lead}")[0]
    assert '{.callout-warning title="How far to trust this"}' in front
    assert "**The grouping\\: low.**" in front or "**The grouping: low.**" in front
    assert "2 parts asked for" in front
    assert "There are no segments here" in sections.evidence.choice(run)


def test_the_box_on_trust_looks_like_its_least_trusted_side():
    run = make_run(3, jaccard=[0.9] * 3)
    assert [grade.level for grade in sections.page_one.told(run).trust] == ["high", "low", "low"]
    assert '{.callout-warning title="How far to trust this"}' in sections.page_one.page(run)
    trusted = replace(run, personas=[one | {"members": [one["members"][0] | {"share": 0.9}]} for one in run.personas])
    published = trusted.portfolio | {"guesses": 0}
    page_one = sections.page_one.page(replace(trusted, portfolio=published))
    assert '{.callout-note title="How far to trust this"}' in page_one


def test_nothing_starts_at_once_where_the_grouping_is_not_trusted():
    run = make_run(3, jaccard=[0.9] * 3)
    assert "can start at once" in sections.page_one.page(run)
    doubtful = sections.page_one.page(replace(run, k_verdict=run.k_verdict | {"acceptable_k": [2]}))
    assert "to weigh before any campaign" in doubtful
    assert "can start at once" not in doubtful


def test_without_segments_no_page_speaks_of_a_grade_or_a_move():
    run = make_run(4, jaccard=[0.9, 0.8, 0.5, 0.9])
    verdict = run.k_verdict | {"recommended_k": None, "acceptable_k": []}
    run = make_run(4, jaccard=[0.9, 0.8, 0.5, 0.9], k_verdict=verdict)
    front = sections.page_one.page(run)
    assert "## No move to make" in front
    assert "segments are firm" not in front
    assert "4 parts asked for" in front
    for page in (sections.actions.strategy(run), sections.economics.page(run), sections.actions.test_plan(run)):
        assert page.count('title="No segments"') == 1
        assert "do not build on" not in page
    for segment in run.segments:
        said = sections.segments.opening(run, segment) + sections.segments.closing(run, segment)
        assert "[no segment]{.badge .weak} This is a part of one cloud" in said
        assert "comes back" not in said
    assert not re.search(r"\{\.badge \.(firm|usable)\}", sections.evidence.trust(run))
    slides = sections.slide_content.slides(run)
    assert all("part of one cloud" in slide.warning for slide in segment_slides(run))
    assert slides[1].title == "No move to make"


def test_with_segments_no_page_speaks_of_a_cloud(two):
    assert "cloud" not in every_page(two)


@pytest.mark.parametrize(("value", "said"), [(0.7496, "0\\.7496"), (0.74, "0\\.74"), (0.752, "0\\.752")])
def test_a_number_that_fails_is_never_written_as_its_threshold(two, value, said):
    run = make_run(2, k_scores=two.k_scores.assign(min_jaccard=value))
    [line] = [line for line in sections.evidence.choice(run).splitlines() if line.startswith("| Weakest Jaccard")]
    assert f"| {said} |" in line
    assert ("fails" in line) == (value < 0.75)


def test_a_jaccard_is_written_on_the_side_of_its_grade():
    run = make_run(3, jaccard=[0.8496, 0.7501, 0.7499])
    trust = sections.evidence.trust(run)
    for shown in ("0\\.8496", "0\\.7501", "0\\.7499"):
        assert f"| {shown} |" in trust
    assert "(Jaccard 0.8496)" in sections.segments.in_figures(run)


def test_stability_says_over_how_many_resamples(two):
    assert "rest on 10 to 30 resamples" in sections.evidence.scores(two)
    assert "rest on 10 resamples" in sections.evidence.scales(two)
    assert "Grades rest on 50 resamples" in sections.evidence.trust(two).replace("\n", " ")


def test_words_of_confidence_say_what_they_are_worth(two):
    said = sections.evidence.trust(two).replace("\\", "")
    assert "Drawn anew, 99 % of those called clear and 81 % of those called between two segments are placed" in said
    untried = two.metrics | {"stability": {**two.metrics["stability"], "kept": []}}
    assert "placed the same" not in sections.evidence.trust(make_run(2, metrics=untried))


def test_segments_that_no_table_of_scores_holds_are_not_compared_with_it(two, twelve):
    assert "so their Jaccards differ, most" in sections.evidence.scales(two)
    assert "the 12 segments of this report are not among them and rest on 50 resamples" in sections.evidence.scales(
        twelve
    )
    few = make_run(12, k_scores=twelve.k_scores[twelve.k_scores["k"] < 9])
    assert "are not among them" in sections.evidence.scores(few)
    assert "are not among them" not in sections.evidence.scores(twelve)


def test_concentration_is_told_the_most_concentrated_first(two):
    concentration = two.concentration.assign(top_share=0.25)
    more = pd.concat([concentration, concentration.assign(measure="purchases", top_share=0.75)])
    said = sections.segments.glance(make_run(2, concentration=more)).replace("\\", "")
    assert "accounts for 75 % of purchases and 25 % of cash advances." in said
    assert "How concentrated" not in sections.segments.glance(make_run(2, concentration=concentration.iloc[:0]))


def test_two_segments_have_two_moves(two):
    paying = two.strategy.assign(campaign_value_base=4e4, break_even_effect=[0.01, 0.1])
    front = sections.page_one.page(make_run(2, strategy=paying))
    assert "## One move to make first and one to try" in front
    assert len(re.findall(r"^\d\.  \*\*", front, re.MULTILINE)) == 2
    assert "Together the moves for profit bring \\$80\\,000 \\(" in front


def test_what_moves_cost_together_says_how_much_of_it_is_no_money_spent(two):
    paying = two.strategy.assign(campaign_value_base=4e4, break_even_effect=0.01, campaign_cost=90.0, contacted=10)
    for given_up, said in (
        (2.5, "in all (\\$130 to spend, \\$50 income given up), \\$80\\,000 less than they bring at our best guess;"),
        (2.54, "(\\$130 to spend, \\$50 income given up)"),  # twice the $25 that each move says
        (0.0, "They cost \\$180 in all, \\$80\\,000 less than they bring at our best guess; they can"),
    ):
        assert said in sections.page_one.page(make_run(2, strategy=paying.assign(given_up=given_up)))


def test_moves_say_who_what_and_worth(twelve):
    front = sections.page_one.page(twelve)
    best = twelve.economics.sort_values("rank_base").iloc[0]
    number = best["segment"]
    move = front.split("1.  ")[1].split("2.  ")[0].replace("\\", "")
    assert move.startswith(f"**{twelve.name(number)} (")
    assert f" of them fit this name one by one): now of segment {number}.**" in move
    for fact in ("Whom", "Cost", "Brings", "Pays if it", "Owner", "Guardrail", "Decide", "Test"):
        assert f"- **{fact}** " in move
    assert f"- **Owner** Owner of segment {number}" in move
    # Seven are held out where it takes 1,234, which no few campaigns add up to.
    decide = "12 months after the start, by its owner's judgement; the aim is 6 % fewer who leave of their own accord"
    assert f"- **Decide** {decide}" in move


@pytest.mark.parametrize("segment", range(12))
def test_a_segments_page_says_what_to_do(twelve, segment):
    page = sections.segments.closing(twelve, segment)
    for word in ("Kpi", "Guardrail", "Owner"):
        assert f"{word} of segment {segment}".lower() in page.lower()
    for when in ("now", "later"):
        assert markdown.escape_markdown(words.capitalised(twelve.plan(segment)[when])) in page
    assert twelve.rules[segment]["text"].split("$")[1] in sections.segments.in_figures(twelve)


def test_what_to_do_agrees_with_page_one(two):
    pays = two.strategy.assign(purpose="profit", campaign_value_base=[4e4, 0.5], break_even_effect=[0.01, 0.1])
    economics = two.economics.assign(purpose="profit", campaign_value_base=[4e4, 0.5])
    run = make_run(2, strategy=pays.assign(effect_high=0.3), economics=economics)
    assert "Now of segment 0" in sections.page_one.page(run).replace("now of", "Now of")
    assert [run.plan(segment)["now"] for segment in (0, 1)] == [
        "now of segment 0",
        "Not now, it would bring less than $1: now of segment 1",
    ]
    beyond = make_run(2, strategy=pays.assign(effect_high=0.05), economics=economics)
    assert beyond.plan(1)["now"].startswith("Leave them alone: no effect that we think possible")
    assert "Leave them alone" in row_of(sections.actions.strategy(beyond), "Persona B")
    assert "Leave Persona B alone" in sections.page_one.page(beyond).replace("\\", "")


@pytest.mark.parametrize("cloud", [False, True])
def test_no_campaign_is_told_of_where_none_should_aim(cloud):
    verdict = {"k_verdict": make_run(2).k_verdict | {"recommended_k": None}} if cloud else {}
    run = make_run(2, jaccard=[0.9, 0.3], **verdict)
    said = {
        segment: "\n".join(
            [
                sections.segments.closing(run, segment),
                *(text for block in segment_slides(run)[segment].blocks for text in block.paragraphs),
            ]
        )
        for segment in run.segments
    }
    strategy = sections.actions.strategy(run)
    sheet = next(one for one in sections.workbook_content.sheets(run) if one.name == "Strategy")
    cells = [str(cell.value) for row in sheet.rows for cell in row]
    for segment, aimed_at in ((0, not cloud), (1, False)):
        for text in (said[segment], strategy, "\n".join(cells)):
            assert (f"now of segment {segment}" in text.lower()) == aimed_at
    assert strategy.count("Aim no campaign") == (2 if cloud else 1)


@pytest.mark.parametrize(
    ("jaccard", "cloud", "said"),
    [
        ([0.9, 0.9], False, ""),
        ([0.9, 0.3], False, "Where it names {1}, that says where"),
        ([0.9, 0.9], True, "Where it names any segment, that says where"),
    ],
)
def test_the_form_says_which_answers_tell_nothing_of_what_to_do(jaccard, cloud, said):
    verdict = {"k_verdict": make_run(2).k_verdict | {"recommended_k": None}} if cloud else {}
    run = make_run(2, jaccard=jaccard, **verdict)
    caution = sections.form._caution(run)
    assert caution.replace("\\", "").strip().startswith(said.format(*run.names))
    assert bool(caution) == bool(said)


def test_columns_that_were_not_used_are_not_spoken_of():
    names = ["BALANCE", "PURCHASES", "CREDIT_LIMIT"]
    run = make_run(2, features=names)
    money = run.money.drop(columns=["cash_advances_share", "payments_share"])
    strategy = run.strategy.drop(columns=["cash_advances_share", "payments_share"])
    run = make_run(2, features=names, money=money, strategy=strategy)
    glance = sections.segments.glance(run)
    assert "its share of all customers and of each amount {#tbl-glance" in glance
    assert "Credit lines" in glance
    assert "Cash advances" not in glance
    numbers = sections.segments.in_figures(run)
    assert "Utilisation" in numbers
    assert "Tenure" not in numbers
    assert "FEATURES='BALANCE PURCHASES CREDIT_LIMIT'" in sections.appendix.reproduction(run, {})


def test_criteria_have_names_for_people(twelve):
    said = sections.evidence.choice(twelve) + sections.evidence.votes(twelve) + sections.evidence.scores(twelve)
    assert "Davies\\-Bouldin | 9 | Lowest" in said
    assert "Gap statistic | none | Rises" in said
    assert not re.search(r"davies_bouldin|min_jaccard|davies\\_bouldin", said)


@pytest.mark.parametrize(("jaccard", "outcome"), [(0.9, "[passes]{.badge .firm}"), (0.2, "[fails]{.badge .weak}")])
def test_each_test_of_the_rule_has_its_outcome(jaccard, outcome):
    run = make_run(2)
    run = make_run(2, k_scores=run.k_scores.assign(min_jaccard=jaccard))
    [line] = [line for line in sections.evidence.choice(run).splitlines() if line.startswith("| Weakest Jaccard")]
    assert line == f"| Weakest Jaccard | at least 0\\.75 | {jaccard:.2f} | {outcome} |".replace(" 0.", " 0\\.")


def test_a_k_beyond_those_looked_at_has_no_tests_and_scores_without_it():
    run = make_run(12)
    run = make_run(12, k_scores=run.k_scores[run.k_scores["k"] <= 8])
    assert "tbl-tests" not in sections.evidence.choice(run)
    assert "**" not in sections.evidence.scores(run)
    assert "KMAX=8" in sections.appendix.reproduction(run, {})


def test_other_scales_are_compared_at_the_nearest_k_only(two):
    said = sections.evidence.scales(two)
    rows = two.scale_stability[two.scale_stability["k"] == 2]
    assert said.count("\n| ") == 1 + len(rows)
    agreement = two.scale_agreement.query("k == 2 and scale == 'log'")
    for row in agreement.itertuples():
        assert f"those of {row.other} (adjusted Rand index {row.ari:.2f})" in said


@pytest.mark.parametrize(
    ("ari", "said", "follows"),
    [
        (0.96, "are almost those of standard", "matters little"),
        (0.85, "are much like those of standard", "matters little"),
        (0.5, "agree only in part with those of standard", "one way to divide"),
        (0.2, "hardly agree with those of standard", "one way to divide"),
        (0.95, "are almost those of standard", "matters little"),
        (0.94, "are much like those of standard", "matters little"),
        (0.8, "are much like those of standard", "matters little"),
        (0.79, "agree only in part with those of standard", "one way to divide"),
        (0.4, "agree only in part with those of standard", "one way to divide"),
        (0.39, "hardly agree with those of standard", "one way to divide"),
    ],
)
def test_another_scale_is_explained_in_words(two, ari, said, follows):
    told = sections.evidence.scales(make_run(2, scale_agreement=two.scale_agreement.assign(ari=ari)))
    assert said in told
    assert follows in told
    assert "This report uses log:\nlarge amounts are compressed" in told
    assert "On standard, amounts count as they are" in told


@pytest.mark.parametrize(
    ("jaccard", "said"),
    [
        ([0.9, 0.75], "It finds every segment"),
        ([0.9, 0.74], "It finds {} (Jaccard at least 0.75); where the borders of the others run hangs on the model"),
        ([0.5, None], "It finds none of the segments"),
    ],
)
def test_another_model_is_said_to_find_the_segments_or_not(two, jaccard, said):
    classes = two.metrics["latent_classes"] | {"jaccard": jaccard}
    told = sections.evidence.another_model(make_run(2, metrics=two.metrics | {"latent_classes": classes}))
    assert said.format(two.name(0)) in told
    assert "agree only in part with the segments (adjusted Rand index 0.45): 62 % of the" in told.replace("\n", " ")


def test_scales_compared_at_another_number_of_segments_say_so(two, twelve):
    assert "At 2 segments, the log segments" in sections.evidence.scales(two)
    told = sections.evidence.scales(twelve)
    assert "The scales were not compared at 12 segments; at 3, the nearest that was, the log segments" in told


JARGON = re.compile(r"silhouette|Rand index|Jaccard|bootstrap|Davies", re.IGNORECASE)


@pytest.mark.parametrize("k", [2, 12])
def test_page_one_is_in_plain_words_and_the_figures_stand_in_the_section_on_trust(k):
    run = make_run(k)
    slides, summary = sections.slide_content.slides(run), sections.workbook_content.sheets(run)[0]
    said = [text for slide in slides[:2] for text in (slide.title, *slide.body)]
    said += [text for slide in slides[:2] for block in slide.blocks for text in block.paragraphs]
    said += [str(cell.value) for row in summary.rows for cell in row]
    assert not JARGON.search("\n".join([sections.page_one.page(run), *said]))
    trust = sections.evidence.trust(run).replace("\n", " ")
    assert "The mean silhouette is 0.37; from 0.5 on segments lie well apart, below 0.25 hardly." in trust
    assert "over 5 other seeds to 0.97" in trust


def test_findings_come_worst_first_in_words(two):
    said = sections.appendix.quality(two)
    assert said.index("[warning]") < said.index("[info]")
    assert "Minimum payments is odd in 313 of" in said
    assert "MINIMUM" not in said
    assert "BALANCE" in said  # in quotes it is a word of the file


def of_preset(k, **space):
    run = make_run(k, features=dictionary.load().names)
    return replace(run, model=run.model | {"space": run.model["space"] | space})


@pytest.mark.parametrize(
    ("k", "space", "said"),
    [
        (4, {"scale": "standard", "impute": "median"}, "`PRESET=d`. System D\\: median"),
        (4, {"scale": "standard", "impute": "mean"}, "`PRESET=c`. System C\\: K\\-Means"),
    ],
)
def test_the_preset_is_named_with_what_it_is(k, space, said):
    assert said in sections.appendix.reproduction(of_preset(k, **space), {})


def test_parameters_of_no_preset_are_not_called_one():
    other = of_preset(4, scale="standard", impute="median")
    encoded = {"encoding": {"sizes": [9, 3]}}
    for run in (
        make_run(2, features=["BALANCE", "PURCHASES"]),
        of_preset(2),  # of no preset but one that asks for nothing else than what holds anyway
        of_preset(3),
        replace(other, metrics=other.metrics | {"algorithm": "ward"}),
        replace(other, metrics=other.metrics | encoded),
    ):
        assert "Preset" not in sections.appendix.reproduction(run, {})


def test_the_command_holds_what_is_not_the_default(two):
    command = sections.appendix.reproduction(two, {})
    assert "make report K=2 DATA='customers.csv' SCALE=log IMPUTE=median SEED=42\n" in command
    assert "DATA" not in sections.appendix.reproduction(make_run(2, synthetic=True), {})
    elsewhere = make_run(2, portfolio=two.portfolio | {"market": "eu"})
    assert " MARKET=eu\n" in sections.appendix.reproduction(elsewhere, {})
    dropped = {"rule": "bad_rows", "severity": "warning", "action": "dropped", "message": "m", "examples": []}
    mapped = {
        "rule": "columns",
        "severity": "info",
        "action": "matched",
        "message": "m",
        "examples": [
            {"feature": "customer_id", "column": "CUST_ID"},
            {"feature": "BALANCE", "column": "Credit Limit"},
            {"feature": "PURCHASES", "column": "purchases"},
        ],
    }
    run = make_run(2, quality=two.quality | {"findings": [dropped, mapped]})
    command = sections.appendix.reproduction(run, {})
    assert "COLUMNS=mapping.yml BAD_ROWS=drop" in command
    assert '"Credit Limit": BALANCE\n```' in command
    assert "purchases" not in command


@pytest.mark.parametrize(
    "name", [*HOSTILE, "a'b\"c.csv", "it's `x`.csv\nmake clean", "{{< include /etc/passwd >}}.csv"]
)
def test_nothing_of_a_data_file_is_markup(name):
    run = make_run(4, names=HOSTILE, source=name)
    said = every_page(run)
    document.check_dialect(said, "the report")
    bare = re.sub(r"\\.", "", said)
    bare = re.sub(r"```.*?```", "", bare, flags=re.DOTALL)
    assert "<script" not in bare
    assert "](d)" not in bare
    assert "\x00" not in said
    assert "make clean\n" not in said


def test_a_name_with_a_quote_is_quoted_for_the_shell():
    assert r"DATA='it'\''s.csv'" in sections.appendix.reproduction(make_run(2, source="it's.csv"), {})


def test_assumptions_are_marked_and_written_as_people_read_them(two):
    said = sections.economics.page(two)
    assert said.count("[assumption]{.badge .assumption}") == 1
    assert "[assumption]{.badge .assumption}" in sections.actions.test_plan(two)
    assert "1\\.8 \\% | 0\\.3 \\% – 2\\.2 \\% | of purchases" in said
    assert "17 \\% | 13 \\% – 21 \\% | a year" in said


def test_missing_values_are_dashes_and_never_nan(twelve):
    assert "nan" not in every_page(twelve).replace("finance", "").lower().split()
    assert " – |" in row_of(campaigns(twelve), "Persona L")


@pytest.mark.parametrize("amount", ["−$1,234", "−\\$1\\,234"])
def test_a_minus_is_held_to_its_amount(amount):
    assert run_artefacts.unbroken(f"It is {amount}.") == f"It is {amount}.".replace("−", "−\u2060")
    assert run_artefacts.unbroken("−0.12 and $5") == "−0.12 and $5"


def test_a_sentence_on_trust_begins_with_a_capital(two):
    rare = two.metrics | {"silhouette_negative_share": 0.0004, "between_share": 0.0004}
    said = sections.evidence.trust(make_run(2, metrics=rare))
    assert "Under 0.1 % of the customers" in said
    assert "Under 0.1 % stand" in said


def test_what_rounds_to_nothing_has_no_sign(two):
    run = make_run(2, metrics=two.metrics | {"silhouette_by_segment": [-0.001, -0.4]})
    said = sections.evidence.trust(run)
    assert "| 0.00 |" in said
    assert "| −0.40 |" in said


def test_the_glossary_explains_every_criterion():
    said = sections.appendix.glossary(make_run(2))
    for term in ("Jaccard", "Silhouette", "Davies-Bouldin", "Calinski-Harabasz", "Prediction strength", "Inertia"):
        assert f"{term}\n:   " in said
    assert "\nUtilisation" in said


@pytest.mark.parametrize("k", [2, 7, 12, 20])
def test_the_deck_has_a_slide_a_segment_and_few_more(k):
    run = make_run(k)
    slides = sections.slide_content.slides(run)
    titles = [slide.title.split(":")[0] for slide in segment_slides(run)]
    assert titles == run.names
    tables = [slide.table for slide in slides if slide.table]
    assert len(slides) == 4 + k + len(tables)
    assert all(len(table.rows) <= sections.slide_content.ROWS for table in tables)
    assert [row[0].split(" (")[0] for table in tables for row in table.rows][:k] == run.names


@pytest.mark.parametrize(
    ("verdict", "says"), [(ENOUGH, "tell what a move has changed"), (TOO_SMALL, "show whether more of these respond")]
)
def test_the_slide_on_tests_promises_no_more_than_they_can_tell(verdict, says):
    run = make_run(2, jaccard=[0.9] * 2, test_plan=make_run(2).test_plan.assign(verdict=verdict))
    [slide] = [slide for slide in sections.slide_content.slides(run) if slide.title.startswith("Keep ")]
    assert f"contacted, they {says}" in slide.subtitle


def test_the_rule_of_a_segment_stands_above_its_own_table(two):
    found = re.findall("as a rule|in original units", sections.segments.in_figures(two))
    assert found == ["as a rule", "in original units"] * 2


COMPUTING = ["Portfolio", "Economics", "Assumptions", "Groups"]


def test_the_workbook_has_every_segment_in_every_table(twelve):
    sheets = {sheet.name: sheet for sheet in sections.workbook_content.sheets(twelve)}
    assert list(sheets) == ["Summary", "Segments", "Profiles", "Strategy", *COMPUTING, "Test plan"]
    for name in ("Segments", "Strategy", "Economics", "Test plan"):
        assert sorted(row[0].value for row in sheets[name].rows) == list(range(12))
    for sheet in sheets.values():
        assert {len(row) for row in sheet.rows} == {len(sheet.header)}


def test_an_assumption_in_a_sentence_shows_where_it_ends(two):
    sensitivity = two.sensitivity.assign(label="Cost of one contact: letter", changes_best=True)
    economics = two.economics.assign(campaign_value_base=5.0)
    said = sections.economics.page(make_run(2, sensitivity=sensitivity, economics=economics)).replace("\\", "")
    assert (
        "hangs most on “cost of one contact: letter”. The best move changes with “cost of one contact: letter”." in said
    )
    assert "of @tbl-moves and @tbl-assumptions (market: Atlantis)." in said.replace("\n", " ")


def test_a_dash_for_the_break_even_effect_is_explained(two):
    assert "a dash where no effect covers the cost" in sections.economics.page(two)
    whole = make_run(2, economics=two.economics.assign(break_even_effect=0.02))
    assert "a dash where" not in sections.economics.page(whole)


def test_the_method_names_the_features_that_are_logged_where_these_are_not_the_amounts_and_counts(two, monkeypatch):
    assert "Amounts and counts go through log1p" in sections.appendix.method(two)
    known = dictionary.load()
    features = tuple(replace(one, transform="log1p" if one.name == "TENURE" else "none") for one in known.features)
    monkeypatch.setattr(dictionary, "load", lambda: replace(known, features=features, derived=()))
    assert "Tenure go through log1p" in sections.appendix.method(two)
    for kinds in ({}, {"kind": "share"}):
        plain = tuple(replace(one, transform="none", **kinds) for one in features)
        monkeypatch.setattr(dictionary, "load", lambda plain=plain: replace(known, features=plain, derived=()))
        assert "No features go through log1p" in sections.appendix.method(two)


def test_presets_are_of_cards(two, monkeypatch):
    known = dictionary.load()
    monkeypatch.setattr(dictionary, "load", lambda: replace(known, cards=False))
    assert "PRESET" not in sections.appendix.reproduction(two, {})


def test_a_segments_slide_has_its_whole_portrait():
    run = make_run(3)
    for person, slide in zip(run.personas, segment_slides(run), strict=True):
        size, first, *others = person["portrait"]
        assert slide.subtitle == f"{size[0].upper()}{size[1:]}"
        assert slide.title == f"{person['persona']}: {first[0].lower()}{first[1:].removesuffix('.')}"
        assert slide.body == others
