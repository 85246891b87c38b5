"""The page in a real browser: Debian's Chromium, without a display and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

import policylib
from policylib.matrix import page
from policylib.matrix.model import Counterexample, Matrix
from policylib.matrix.run import run
from tests.matrix.small import lying
from tests.matrix.test_outputs import HOSTILE

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",  # root has none, and the page is our own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # whatever it may want to ask on its own
    "--no-first-run",
    "--no-pings",
]
SERIOUS = {"serious", "critical"}


@dataclass
class Seen:
    """What a page did that somebody should know of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    """Two of twelve cells differ, and notes and reasons hold what could do harm."""
    kind = lying({"image": "tag", "kind": "Pod"})
    found = run(kind, policylib.load(), inputs=3, planted=())
    first = found.cells[0].model_copy(update={"because": HOSTILE})
    cells = (first, *found.cells[1:])
    broken = found.planted[1].model_copy(
        update={"what": HOSTILE, "enforced": "allow", "counterexample": first_example(found)}
    )
    planted = (found.planted[0], broken, *found.planted[2:])
    return found.model_copy(update={"cells": cells, "planted": planted, "notes": (HOSTILE,)})


def first_example(matrix: Matrix) -> Counterexample:
    [example, *_] = [cell.counterexample for cell in matrix.differing if cell.counterexample]
    return example


@pytest.fixture(scope="module")
def file(matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "matrix.html"
    path.write_text(page.write(matrix), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: `make chromium` installs Debian's package")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Seen]:
    """The page, opened as a user's browser opens it, with its own security policy in force."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    seen = visit(context, file)
    # Chromium looks for what wants the focus in its first frame, and complains if a key was faster.
    seen.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    yield seen
    assert seen.complaints == []
    assert seen.requests == [file.as_uri()]
    context.close()


def visit(context: BrowserContext, file: Path) -> Seen:
    seen = Seen(context.new_page())

    def listen(message: ConsoleMessage) -> None:
        seen.complaints.append(f"{message.type}: {message.text}")

    seen.page.on("console", listen)
    seen.page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.goto(file.as_uri())
    return seen


def visible(page: Page) -> list[str]:
    """The cells that can be seen, in words."""
    buttons = page.locator("td[data-cell] > button")
    return [b.inner_text().strip() for b in buttons.all() if b.is_visible()]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))


def test_it_opens_and_shows_every_cell(opened: Seen, matrix: Matrix) -> None:
    assert opened.page.title() == matrix.title
    assert len(visible(opened.page)) == len(matrix.cells)
    assert opened.page.locator("#count").inner_text() == "12 of 12 cells"
    assert opened.page.locator("article").count() == 3


def test_what_was_planted_is_told_by_rule(opened: Seen, matrix: Matrix) -> None:
    page = opened.page
    section = page.locator("section.planted")
    rules = {one.drawn_for for one in matrix.planted}
    assert section.locator("details").count() == len(rules)
    assert section.locator("details[open]").count() == 1
    assert "differs" in section.locator("details[open] summary").inner_text()
    assert section.locator("tbody tr").count() == len(matrix.planted)
    closed = section.locator("details:not([open]) summary").first
    closed.focus()
    page.keyboard.press("Enter")
    assert section.locator("details[open]").count() == 2
    assert "1 of 12 cells" not in page.locator(".verdict").inner_text()
    said = page.locator(".verdict").inner_text()
    assert f"2 of 12 cells differ and 1 of {len(matrix.planted)} kinds of planted inputs" in said
    page.locator("#search").fill("no such text")
    assert section.is_visible()


def test_what_could_do_harm_is_text(opened: Seen) -> None:
    note = opened.page.locator(".notes li").inner_text()
    assert note.startswith("<script>alert(1)</script>\\u202eabc\\x1b[31m")
    assert opened.page.locator("script").count() == 1


def test_injected_scripts_and_styles_do_not_run(browser: Browser, file: Path) -> None:
    injected = (
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
    )
    styled = '<p id="styled" style="color: rgb(1, 2, 3)">a</p>'
    harmed = file.with_name("harmed.html")
    harmed.write_text(file.read_text().replace("</main>", f"{injected}{styled}</main>"))
    context = browser.new_context(offline=True)
    seen = visit(context, harmed)
    assert seen.page.title() == "Which images are pinned"
    color = seen.page.evaluate("getComputedStyle(document.getElementById('styled')).color")
    assert color != "rgb(1, 2, 3)"
    assert any("Content Security Policy" in text for text in seen.complaints)
    assert seen.page.locator("#count").inner_text() == "12 of 12 cells"
    context.close()


def test_search_works_by_keyboard_alone(opened: Seen) -> None:
    keyboard = opened.page.keyboard
    keyboard.press("Tab")
    assert focused(opened.page) == "Skip to the cells"
    for _ in range(10):
        keyboard.press("Tab")
        if focused(opened.page) == "search":
            break
    keyboard.type("NOTHING cronjob")
    assert visible(opened.page) == ["✕ deny", "✕ deny"]
    assert opened.page.locator("#count").inner_text() == "2 of 12 cells"
    assert opened.page.locator("#count").get_attribute("role") == "status"
    assert opened.page.locator(".panel thead th:visible").all_inner_texts() == [
        "CronJob",
        "CronJob",
    ]
    keyboard.press("Enter")
    keyboard.press("Control+A")
    keyboard.type("no such text")
    assert visible(opened.page) == []
    assert opened.page.locator("section.panel:visible").count() == 0


def test_filters_work_by_keyboard_and_together(opened: Seen) -> None:
    page = opened.page
    page.locator("#only").focus()
    page.keyboard.press("Space")
    assert [text.split()[:2] for text in visible(page)] == [["!", "deny"]] * 2
    page.get_by_label("Place", exact=True).focus()
    page.keyboard.type("init")
    assert page.locator("#count").inner_text() == "1 of 12 cells"
    assert page.locator("article[data-cell]:visible").count() == 1
    page.get_by_label("Enforced", exact=True).select_option("allow")
    assert page.locator("#count").inner_text() == "0 of 12 cells"
    page.get_by_role("button", name="Reset").press("Enter")
    page.wait_for_function("document.getElementById('count').textContent === '12 of 12 cells'")
    page.get_by_label("Enforced", exact=True).select_option("allow")
    assert visible(page) == ["✓ allow"] * 4


def test_arrows_move_within_a_table_and_enter_says_why(opened: Seen) -> None:
    page = opened.page
    first = page.locator("td button").first
    first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('td').dataset.cell") == "4"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    assert "an image named by tag is pinned: True" in card.inner_text()
    assert focused(page) == "Close"
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert page.evaluate("document.activeElement.closest('td').dataset.cell") == "2"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table') !== null")
    assert page.evaluate("document.activeElement.closest('td').dataset.cell") == "6"


def test_a_cell_leads_to_what_differs_in_it(opened: Seen) -> None:
    opened.page.locator("td.differs button").first.click()
    opened.page.get_by_role("dialog").get_by_role("link").click()
    assert opened.page.url.endswith("#d2")
    assert opened.page.get_by_role("dialog").count() == 0
    assert "rc matrix digest" in opened.page.locator("#d2").inner_text()


def test_focus_can_be_seen(opened: Seen) -> None:
    opened.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert opened.page.evaluate(outline) == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_the_systems_until_it_is_chosen(
    browser: Browser, file: Path, scheme: Any
) -> None:
    context = browser.new_context(offline=True, color_scheme=scheme)
    page = visit(context, file).page
    ground = "getComputedStyle(document.body).backgroundColor"
    grounds = {"light": "rgb(251, 251, 250)", "dark": "rgb(20, 22, 25)"}
    assert page.evaluate(ground) == grounds[scheme]
    for theme in ("light", "dark"):
        page.get_by_role("button", name="Theme").press("Enter")
        assert page.evaluate(ground) == grounds[theme]
        assert page.locator("#theme").inner_text() == f"Theme: {theme}"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_serious(browser: Browser, file: Path, scheme: Any, width: int) -> None:
    """axe is injected, which the page's own policy forbids: here alone it is put aside."""
    context = browser.new_context(
        offline=True,
        bypass_csp=True,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    page = visit(context, file).page
    assert serious(page) == []
    page.locator("td.differs button").first.click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.locator("#only").check()
    assert serious(page) == []
    context.close()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def test_it_can_be_printed(opened: Seen) -> None:
    page = opened.page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("#filter").is_hidden()
    assert page.locator("#theme").is_hidden()
    assert page.locator("table").first.is_visible()
    assert page.locator("article").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 251, 250)"
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).maxHeight") == "none"
    assert page.pdf().startswith(b"%PDF-")


def test_it_is_read_without_scripts(browser: Browser, file: Path, matrix: Matrix) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    seen = visit(context, file)
    assert seen.page.locator("td[data-cell] > button").count() == len(matrix.cells)
    assert seen.page.locator("#filter").is_hidden()
    seen.page.locator("td button").nth(4).click()
    assert "an image named by nothing is pinned" in seen.page.get_by_role("dialog").inner_text()
    assert seen.complaints == []
    context.close()


def test_nothing_moves_for_those_who_ask_for_that(browser: Browser, file: Path) -> None:
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = visit(context, file).page
    style = "getComputedStyle(document.querySelector('td button')).transitionDuration"
    assert page.evaluate(style) == "0s"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_it_scrolls_sideways_at_no_width(browser: Browser, file: Path, width: int) -> None:
    context = browser.new_context(offline=True, viewport={"width": width, "height": 800})
    page = visit(context, file).page
    room = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, given = page.evaluate(room)
    assert needed <= given
    context.close()
