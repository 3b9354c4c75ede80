"""The page of `wellpost measure --format html`: read, sorted by keyboard, and without barriers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import HEIGHT, WIDTHS, at_each_width
from wellpost.cli.main import main
from wellpost.synthetic.scale import scale_of
from wellpost.synthetic.state import make_state

ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
LEVELS = ("--level", "practice-clinician", "--level", "group")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages of a small made-up state: `all.html`, and `hidden.html` without small cells."""
    folder = tmp_path_factory.mktemp("page")
    make_state(folder / "state", scale_of(4_000, 20))
    for name, more in (("all", ()), ("hidden", ("--suppress", "11"))):
        words = ("measure", folder / "state", *ASKED, *LEVELS, *more, "--format", "html")
        assert main([*map(str, words), "--out", str(folder / f"{name}.html")]) == 0
    return folder


@pytest.fixture
def open_page(browser: Browser, folder: Path) -> Iterator[Callable[..., Page]]:
    """`open_page("all")`. Whatever the console complains of, or is fetched, fails."""
    contexts, wrong = [], []

    def enter(name: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": WIDTHS["desk"], "height": HEIGHT}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text))
        page.goto((folder / f"{name}.html").as_uri())
        page.on("request", lambda request: wrong.append(request.url))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not wrong


@pytest.mark.parametrize("name", ["all", "hidden"])
def test_no_barrier_and_nothing_wider_than_the_screen(
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    screenshot: Callable[[Page, str], None],
    name: str,
) -> None:
    page = open_page(name)
    for width in at_each_width(page):
        assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width]
        page.locator("summary").first.click()
        assert violations(page) == []
        screenshot(page, f"scorecard-page-{name}-{width}")
        page.locator("summary").first.click()


def test_the_table_is_sorted_by_keyboard_and_says_so(open_page: Callable[..., Page]) -> None:
    page = open_page("all")
    table = page.locator("table.sortable").last
    button = table.get_by_role("button", name="of").first
    button.focus()
    page.keyboard.press("Enter")
    head = table.locator("th[aria-sort]")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "descending")
    told = "Sorted by Patient generated data, of, descending."
    expect(page.get_by_role("status").last).to_have_text(told)
    cells = table.locator("tbody tr td:nth-child(8)").all_inner_texts()
    numbers = [int(cell.replace(",", "")) for cell in cells]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > numbers[-1]


def test_the_objective_is_told_and_stands_first_for_each(open_page: Callable[..., Page]) -> None:
    page = open_page("all")
    page.get_by_role("link", name="The objective").click()
    told = page.locator("section", has=page.get_by_role("heading", name="The objective"))
    expect(told).to_contain_text("satisfy 2 of 3")
    page.get_by_role("link", name="every clinician in a practice", exact=True).click()
    table = page.get_by_role("region", name="rows.").last
    expect(table.get_by_role("columnheader", name="Objective, by its measures")).to_be_visible()
    rows = [each.split("\t")[1:] for each in table.locator("tbody tr").all_inner_texts()]
    for _, verdict, met, *others in rows:
        of_measures = others[5::4]
        assert met == str(of_measures.count("met"))
        assert verdict == ("met" if int(met) >= 2 else "not met")
    many = sum(verdict == "met" for _, verdict, *_ in rows)
    expect(told).to_contain_text(f"Of {len(rows)} clinicians in a practice: {many} met")


def test_without_scripts_all_of_it_can_be_read(open_page: Callable[..., Page]) -> None:
    page = open_page("all", scripts=False)
    assert page.get_by_role("button").count() == 0
    chart = page.get_by_role("img", name="Secure messaging: rates of each").first
    expect(chart).to_be_visible()
    told = page.locator(f"#{chart.get_attribute('aria-describedby')}").inner_text()
    assert "meet what is asked" in told
    page.get_by_text("The same as a table").nth(1).click()
    expect(page.get_by_role("row", name="above 0 to").first).to_be_visible()
    expect(page.get_by_role("rowheader", name="1000000012").first).to_be_visible()


def test_hidden_numbers_are_marked_and_not_in_the_file(
    open_page: Callable[..., Page], folder: Path
) -> None:
    page = open_page("hidden")
    expect(page.get_by_text("* hidden: numbers of patients from 1 to 10").first).to_be_visible()
    rows = page.locator("table.sortable tbody tr").all()
    numbers = (each.locator("td.n").all_inner_texts() for each in rows)
    cells = [cell for own in numbers for cell in own[3:]]  # the first three are numbers of measures
    counts = [int(cell.replace(",", "")) for cell in cells if "%" not in cell and cell != "*"]
    assert counts and not [number for number in counts if 0 < number < 11]
    assert "*" in cells
