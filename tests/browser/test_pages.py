"""The pages in a real browser: looked at, listened to, clicked, and typed into."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NIGHT, PATIENCE, Deployment

pytestmark = pytest.mark.slow

MOST_BYTES = 300_000
FILM = "document.querySelector('.screen video')"
OBJECTIVES = """Well-known ports
What a port is for: A port number says which program gets the data. The address leads to the machine. (RFC 1)
The doors of the web: HTTPS waits on port 443 and encrypts everything. Plain HTTP waits on port 80. (RFC 2)"""


def now(page: Page) -> float:
    return float(page.evaluate(f"{FILM}.currentTime"))


def until(page: Page, fact: str, timeout: int = PATIENCE) -> None:
    """Wait for a fact. Playwright's own way evaluates text in the page, and our policy does not let it."""
    for _ in range(0, timeout, 50):
        if page.evaluate(fact):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never so: {fact}")


def opened(page: Page, deployment: Deployment, lesson: str) -> None:
    page.goto(deployment.page("lessons", lesson))
    until(page, f"{FILM}?.readyState >= 2")


def test_the_film_plays_and_its_captions_show(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    captions = page.get_by_role("button", name="Captions", exact=True)
    if captions.get_attribute("aria-pressed") == "false":
        captions.click()

    page.get_by_role("button", name="Play the film").click()

    until(page, f"{FILM}.currentTime > 1.5")
    until(page, f"{FILM}.textTracks[0].mode === 'showing' && {FILM}.textTracks[0].activeCues.length > 0")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate(f"{FILM}.paused")


def test_an_answer_leads_to_its_second(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    evidence = page.evaluate(
        f"fetch('/api/v1/avatar/videos/{lesson}/evidence').then((answer) => answer.json())"
    )
    answers = [each for each in evidence["answers"] if each["spans"]]
    assert answers

    for answer in answers:
        page.locator(f'.answer[data-question="{answer["question_id"]}"]').last.click()

        until(page, f"!{FILM}.seeking")
        assert now(page) == pytest.approx(answer["spans"][0]["starts"], abs=0.2)
        assert f"t={answer['spans'][0]['starts']:.1f}" in page.url


def test_the_evidence_follows_the_film(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    parts = page.locator(".why-part")
    starts = [each.inner_text() for each in page.locator(".why-time").all()]
    assert parts.count() == len(starts) >= 3

    for at in (1, 2, 0):
        minutes, seconds = starts[at].split(":")
        page.evaluate(f"{FILM}.currentTime = {int(minutes) * 60 + int(seconds) + 1.2}")

        expect(page.locator(".why-part[aria-current]")).to_have_attribute("data-part", str(at))


def test_an_address_with_a_second_opens_there(page: Page, deployment: Deployment, lesson: str):
    page.goto(deployment.page("lessons", f"{lesson}?t=5.0&tab=transcript"))

    until(page, f"Math.abs({FILM}?.currentTime - 5) < 0.2")
    expect(page.get_by_role("tab", name="Transcript")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".transcript [aria-current]")).to_have_count(1)


def test_tabs_are_walked_through_by_keyboard(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    page.get_by_role("tab", name="Script", exact=True).focus()

    told = []
    for _ in range(5):
        told.append(page.locator('[role="tab"][aria-selected="true"]').inner_text())
        assert page.get_by_role("tabpanel").inner_text().strip()
        page.keyboard.press("ArrowRight")

    assert [re.sub(r"\W*\d+$", "", each) for each in told] == [
        "Script",
        "Transcript",
        "Files",
        "Checks",
        "Trail",
    ]
    expect(page.get_by_role("tab", name="Script", exact=True)).to_be_focused()


def test_the_player_obeys_keys(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    page.get_by_role("slider", name="Place in the film").focus()

    page.keyboard.press("n")

    expect(page.locator(".why-part[aria-current]")).to_have_attribute("data-part", "1")
    page.keyboard.press("m")
    assert page.evaluate(f"{FILM}.muted")


def test_a_section_is_made_again_after_a_question(page: Page, deployment: Deployment, lesson: str):
    opened(page, deployment, lesson)
    page.locator(".why-head").nth(1).click()
    page.locator(".why-part[aria-current] .why-acts button").click()
    assert ("repeat",) not in [call[:1] for call in deployment.runs.calls]

    with page.expect_response(re.compile(r"/sections/[0-9a-f]{64}/retry$")) as answered:
        page.get_by_role("dialog").get_by_role("button", name="Make again").click()

    assert answered.value.ok
    [repeated] = [call for call in deployment.runs.calls if call[0] == "repeat"]
    assert repeated[3] == (re.search(r"sections/(\w+)/retry", answered.value.url)[1],)


def test_a_lesson_is_written_ordered_and_watched(page: Page, deployment: Deployment):
    page.goto(deployment.page("studio"))
    page.get_by_label("What it is about").fill(OBJECTIVES)

    expect(page.locator(".written li")).not_to_have_count(0)
    assert "A port number says which program" in page.locator(".written").inner_text()
    page.get_by_label("Learner id").fill("L-77")
    page.get_by_label("Name, as spoken").fill("Ada")
    page.get_by_role("button", name="Make the video").click()

    page.wait_for_url(re.compile(r"/lessons/video-[0-9a-f]{24}$"))
    until(page, f"{FILM}?.readyState >= 2", timeout=2 * PATIENCE)
    expect(page.locator(".lesson .head .chip").first).to_have_text("Published")
    assert len(deployment.runs.confs) == 1


@pytest.mark.parametrize(("label", "tag"), [("Hear it", "audio"), ("See it", "video")])
def test_one_part_is_heard_and_seen_before_anything_is_ordered(
    page: Page, deployment: Deployment, label: str, tag: str
):
    page.goto(deployment.page("studio"))
    page.get_by_label("What it is about").fill(OBJECTIVES)

    page.locator(".written li").first.get_by_role("button", name=label).click()

    expect(page.locator(f".tried {tag}")).to_have_count(1)
    until(page, f"document.querySelector('.tried {tag}').currentTime > 0.5")
    assert page.evaluate(f"document.querySelector('.tried {tag}').duration") > 2


def test_posters_lead_to_lessons_and_filters_stay_in_the_address(
    page: Page, deployment: Deployment, lesson: str
):
    page.goto(deployment.page("nights", NIGHT))
    expect(page.locator(".poster")).to_have_count(2)

    page.get_by_label("Status").select_option("failed,cancelled")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
    assert "status=failed" in page.url
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Table").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator(f'a[href$="{lesson}"]').click()

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("."))
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_section_is_retired_for_everybody(page: Page, deployment: Deployment):
    page.goto(deployment.page("sections"))
    page.locator("tr", has_text="Put right").locator("a.whole").first.click()
    drawer = page.get_by_label("The chosen section")
    drawer.get_by_role("button", name="Approve").click()

    expect(drawer.locator(".chip", has_text="Approved")).to_be_visible()
    key = re.search(r"sections/(\w{64})", page.url)[1]
    assert deployment.desk.ledger.approval(key).approved is True


def test_a_lesson_that_is_not_there_is_said_to_be(context: BrowserContext, deployment: Deployment):
    page = context.new_page()

    page.goto(deployment.page("lessons", "lesson-0000000000000000"))

    expect(page.get_by_role("alert")).to_contain_text("There is no such video.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_people_with_disabilities(
    context: BrowserContext, deployment: Deployment, lesson: str, scheme: str
):
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for name in ("nights", f"nights/{NIGHT}", "lessons", f"lessons/{lesson}", "studio", "sections"):
        page.goto(deployment.page(name))
        page.wait_for_load_state("networkidle")
        expect(page.locator("h1")).to_have_count(1)
        violations = Axe().run(page).response["violations"]
        found += [
            (name, each["id"], [node["html"] for node in each["nodes"]])
            for each in violations
            if each["impact"] in ("serious", "critical")
        ]

    assert found == []


def test_pages_weigh_little_and_load_nothing_from_elsewhere(
    context: BrowserContext, deployment: Deployment, lesson: str
):
    for name in ("nights", f"nights/{NIGHT}", f"lessons/{lesson}", "studio", "sections"):
        page = context.new_page()
        sizes: dict[str, int] = {}
        page.on(
            "response",
            lambda got, sizes=sizes: sizes.update(
                {got.url: int(got.header_value("content-length") or 0) if "/media/" not in got.url else 0}
            ),
        )
        page.goto(deployment.page(name))
        page.wait_for_load_state("networkidle")
        assert (
            sum(size for url, size in sizes.items() if "/clip" not in url and "/poster" not in url)
            <= MOST_BYTES
        )
        assert all(url.startswith(deployment.url) for url in sizes)
        page.close()


def test_everything_fits_on_a_phone(context: BrowserContext, deployment: Deployment, lesson: str):
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("nights", f"nights/{NIGHT}", "lessons", f"lessons/{lesson}", "studio", "sections"):
        page.goto(deployment.page(name))
        page.wait_for_load_state("networkidle")

        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
