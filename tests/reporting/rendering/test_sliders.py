"""The form's sliders: they go with the typed values both ways, in steps that make sense."""

from itertools import pairwise

import pytest

from seg_utils.scoring.inputs import Inputs

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 900), (390, 844)
ALL_STOPS = """segmentModel.inputs.map(input =>
  [input.name, input.kind, numbers.stops(input, segmentModel.notes.whole.includes(input.kind))])"""
READ_MODEL = "window.segmentModel = JSON.parse(document.getElementById('segment-model').textContent); 0"
BOX, SLIDER = "document.getElementById('customer-{}')", "document.getElementById('customer-{}-slider')"
VERDICT = "document.querySelector('.verdict').textContent"


def slide(tab, name, place):
    """Move a slider as a mouse would, and tell the page."""
    slider = SLIDER.format(name)
    tab.value(f"{slider}.value = {place}; {slider}.dispatchEvent(new Event('input', {{ bubbles: true }}))")


def test_stops_are_inside_of_what_training_customers_had(tab, form_page, models):
    tab.open(form_page(), DESK)
    tab.value(READ_MODEL)
    stops = {name: (kind, values) for name, kind, values in tab.value(ALL_STOPS)}
    inputs = Inputs.of(models.made()).all
    assert list(stops) == [one.name for one in inputs]
    for one in inputs:
        kind, values = stops[one.name]
        assert values == sorted(set(values))
        assert 2 <= len(values) <= 130
        if kind in ("frequency", "share"):
            assert values == pytest.approx([part / 100 for part in range(max(101, int(100 * one.high) + 1))])
        elif kind == "months":
            assert values == list(range(int(one.low), int(one.high) + 1))
        else:
            assert one.low <= values[0] <= max(1.02 * one.low, one.low + 1)
            assert 0.98 * one.high - 1 <= values[-1] <= one.high
            assert all(value == round(value, 2) for value in values)
        if kind in ("count", "months"):
            assert all(value == int(value) for value in values)


def test_steps_of_amounts_grow_with_the_amount(tab, form_page):
    tab.open(form_page(), DESK)
    tab.value(READ_MODEL)
    amounts = {name: values for name, kind, values in tab.value(ALL_STOPS) if kind == "amount"}
    assert "BALANCE" in amounts
    for values in amounts.values():
        large = [value for value in values[:-1] if value >= 100]
        steps = [after / before for before, after in pairwise(large)]
        assert max(steps) <= 1.26


@pytest.mark.parametrize(
    ("kind", "low", "high", "first", "last"),
    [("amount", 0.019, 0.83, [0.02, 0.03], 0.83), ("count", 0, 123, [0, 1, 2, 3], 123), ("amount", 7, 7, [7], 7),
     ("months", 6, 12, [6, 7, 8], 12), ("share", 0, 1.3, [0, 0.01], 1.3), ("amount", 50, 49039.57, [50, 60], 49000),
     ("amount", -350.5, 9876, [-350, -300], 9870), ("amount", -80, -20, [-80, -70], -20),
     ("amount", -5, 0, [-5, -4.5], 0)],
)  # fmt: skip
def test_ends_are_inside_of_any_range(tab, form_page, kind, low, high, first, last):
    tab.open(form_page(), DESK)
    given = f"{{kind: '{kind}', low: {low}, high: {high}, minimum: -1e12, maximum: 1e12}}"
    stops = tab.value(f"numbers.stops({given}, {'true' if kind in ('count', 'months') else 'false'})")
    found = [value for value in stops if value in first]
    assert found == first
    assert stops[0] == first[0]
    assert stops[-1] == last


def test_the_slider_follows_what_is_typed_and_stops_at_its_ends(tab, form_page, models):
    high = next(one.high for one in Inputs.of(models.made()).all if one.name == "BALANCE")
    tab.open(form_page(), DESK)
    slider = SLIDER.format("balance")
    places = {}
    for text in ("100", "1000", "5000", str(int(high) + 50_000)):
        tab.fill("#customer-balance", text)
        places[text] = int(tab.value(f"{slider}.value"))
        assert tab.value(f"{slider}.getAttribute('aria-valuetext')") == f"${int(text):,}"
        assert tab.value(f"{BOX.format('balance')}.value") == text
    assert list(places.values()) == sorted(set(places.values()))
    assert list(places.values())[-1] == int(tab.value(f"{slider}.max"))


def test_blank_stays_blank_until_the_slider_is_touched(tab, form_page, models):
    fill = models.made().space.fill[models.made().space.features.index("CREDIT_LIMIT")]
    tab.open(form_page(), DESK)
    tab.fill("#customer-credit-limit", str(fill))
    at_the_fill = tab.value(f"{SLIDER.format('credit-limit')}.value")
    tab.fill("#customer-credit-limit", "")
    assert tab.value(f"{SLIDER.format('credit-limit')}.value") == at_the_fill
    assert tab.value(f"{SLIDER.format('credit-limit')}.classList.contains('blank')") is True
    spoken = tab.value(f"{SLIDER.format('credit-limit')}.getAttribute('aria-valuetext')")
    assert spoken == f"blank: the median of the training customers, ${fill:,.0f}, is used"
    tab.click("#customer-form button[type=submit]")
    tab.wait(VERDICT)
    assert "Left blank, filled" in tab.value("document.querySelector('.answer').innerText")
    tab.value(f"{SLIDER.format('credit-limit')}.focus()")
    tab.press("ArrowRight", 39)
    assert float(tab.value(f"{BOX.format('credit-limit')}.value")) > fill
    tab.wait("!document.querySelector('.answer').innerText.includes('Left blank, filled')")


def test_keys_move_a_slider_one_step_and_its_answer_comes_unasked(tab, form_page):
    tab.open(form_page(), DESK)
    tab.fill("#customer-balance", "1000")
    tab.press("Tab", 9)
    assert tab.value("document.activeElement.type") == "range"
    label = "document.getElementById(document.activeElement.getAttribute('aria-labelledby')).textContent"
    assert tab.value(label) == "Balance ($)"
    tab.press("ArrowRight", 39)
    assert tab.value(f"{BOX.format('balance')}.value") == "1200"
    for _ in range(2):
        tab.press("ArrowLeft", 37)
    assert tab.value(f"{BOX.format('balance')}.value") == "900"
    assert tab.wait(VERDICT).startswith("Persona")


def test_a_slider_mends_a_field_that_was_wrong(tab, form_page):
    tab.open(form_page(), DESK)
    tab.fill("#customer-tenure", "lots")
    tab.click("#customer-form button[type=submit]")
    tab.wait("!!document.querySelector('[aria-invalid]')")
    slide(tab, "tenure", 0)
    assert tab.value("document.querySelector('[aria-invalid]')") is None
    assert tab.wait(f"{VERDICT}.startsWith('Persona') && {VERDICT}")


OUTSIDE = """[...document.querySelectorAll('#customer-form input')].filter(input => {
  const [inner, outer] = [input, input.closest('fieldset')].map(element => element.getBoundingClientRect());
  return inner.left < outer.left || inner.right > outer.right || inner.width < 80 || inner.height < 43;
}).map(input => input.id)"""


@pytest.mark.parametrize("size", [DESK, PHONE, (320, 700)])
def test_boxes_and_sliders_fit_side_by_side(tab, form_page, size):
    tab.open(form_page(), size)
    assert tab.value("document.querySelectorAll('input[type=range]').length") == 17
    assert tab.value(OUTSIDE) == []
    level = "entry => new Set([...entry.children].map(one => one.offsetTop)).size === 1"
    assert tab.value(f"[...document.querySelectorAll('.entry')].every({level})") is True
    assert tab.value("document.documentElement.scrollWidth") == size[0]


CLEAR = """(() => {
  const [answer, field] = [document.querySelector('.verdict'), document.activeElement]
    .map(element => element.getBoundingClientRect());
  const inSight = box => box.bottom <= innerHeight + 1 && box.top >= 0;
  return inSight(answer) && inSight(field) && (field.bottom <= answer.top || field.top >= answer.bottom);
})()"""


def test_the_answer_stays_in_sight_and_hides_no_field_that_has_the_focus(tab, form_page):
    tab.open(form_page(), PHONE)
    slide(tab, "balance", 5)
    tab.wait(VERDICT)
    tab.value("document.getElementById('customer-balance').focus()")
    met = []
    for _ in range(34):
        tab.wait(CLEAR)  # the page scrolls smoothly
        met.append(tab.value("document.activeElement.id"))
        tab.press("Tab", 9)
    assert len(set(met)) == 34
