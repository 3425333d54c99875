from __future__ import annotations

from html.parser import HTMLParser

import pytest

from presgen.model.base import Seconds
from presgen.model.lesson import SectionKind, Sentence, Source
from presgen.publishing.transcript import clock, sources_of, transcript_html, transcript_text
from tests.factories import make_section
from tests.nights import make_script, make_video


class Page(HTMLParser):
    """What a reader finds on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(
    ("moment", "shown"),
    [(0, "0:00"), (7.99, "0:07"), (61, "1:01"), (750, "12:30"), (3723.4, "1:02:03")],
)
def test_a_moment_is_written_as_people_write_it(moment, shown):
    assert clock(Seconds(moment)) == shown


def test_every_sentence_can_be_read_under_its_heading_and_moment(tmp_path):
    script = make_script()

    text = transcript_text(script, make_video(tmp_path, script))

    assert text.startswith("Networking Essentials: Well-known ports\n")
    assert "Transcript of the lesson video, 0:30. Spoken by Ava. Presenter and voice are made by" in text
    assert "[0:10] Well-known ports\n\nA port number says which program gets the data. A web server" in text
    assert text.endswith("Sources\n- RFC 6335, Section 6\n")


def test_the_page_has_a_heading_a_section_and_each_time_opens_the_film_there(tmp_path):
    script = make_script()

    page = Page(transcript_html(script, make_video(tmp_path, script), "networking lesson.mp4"))

    assert len(page.all("h1")) == 1
    assert len(page.all("h2")) == len(script.sections) + 1
    played = [link for link in page.all("a") if link.get("class") == "time"]
    assert [link["href"] for link in played] == [
        "networking%20lesson.mp4#t=0.000",
        "networking%20lesson.mp4#t=10.000",
        "networking%20lesson.mp4#t=20.000",
    ]
    assert played[1]["aria-label"] == "Play from 0:10"
    assert [tag.get("id") for tag in page.all("section")][:3] == ["s1", "s2", "s3"]
    assert [link["href"] for link in page.all("a") if link.get("class") is None] == ["#s1", "#s2", "#s3"]
    for section in script.sections:
        assert section.text in page.text


def test_the_page_can_be_read_on_a_phone_and_needs_nothing_from_elsewhere(tmp_path):
    script = make_script()

    page = Page(transcript_html(script, make_video(tmp_path, script), "lesson.mp4"))

    assert page.all("html") == [{"lang": "en-US", "dir": "ltr"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert not page.all("script") + page.all("link") + page.all("img")
    assert "http" not in "".join(str(attributes) for _, attributes in page.tags)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", '"><img src=x>', "a & b < c"])
def test_text_stays_text_whatever_it_contains(tmp_path, text):
    section = make_section(title=text, sentences=(Sentence(text=text),), sources=(Source(title=text),))
    script = make_script(section, title=text, locale=text)

    page = Page(transcript_html(script, make_video(tmp_path, script), "lesson.mp4"))

    assert not page.all("script") + page.all("img")
    # The window's title, the heading, contents, the section's heading, its words, its source, all sources.
    assert page.text.count(text) == 7
    assert text in transcript_text(script, make_video(tmp_path, script))


def test_a_source_is_named_once_in_the_order_of_use():
    first, second = Source(title="RFC 6335", page="Section 6"), Source(title="Handbook")
    script = make_script(
        make_section(sources=(first, second)), make_section(SectionKind.REMEDY, sources=(second, first))
    )

    assert sources_of(script) == ("RFC 6335, Section 6", "Handbook")


def test_a_lesson_without_sources_has_no_heading_for_them(tmp_path):
    script = make_script(make_section(sources=()))
    video = make_video(tmp_path, script)

    assert "Sources" not in transcript_text(script, video)
    assert "Source" not in Page(transcript_html(script, video, "lesson.mp4")).text


def test_every_section_names_its_own_sources(tmp_path):
    sources = (Source(title="RFC 6335", page="Section 6"), Source(title="Handbook"))
    script = make_script(make_section(sources=sources), make_section(SectionKind.REMEDY, sources=sources[1:]))
    video = make_video(tmp_path, script)

    assert [line for line in transcript_text(script, video).splitlines() if line.startswith("Source:")] == [
        "Source: RFC 6335, Section 6",
        "Source: Handbook",
        "Source: Handbook",
    ]
    assert len(Page(transcript_html(script, video, "lesson.mp4")).all("cite")) == 3


@pytest.mark.parametrize(
    ("locale", "direction", "told"),
    [
        ("es-ES", "ltr", "Transcripción"),
        ("ar-EG", "rtl", "Transcript of"),
        ("he", "rtl", "Transcript of"),
        ("en-GB", "ltr", "Transcript of"),
    ],
)
def test_the_page_has_the_language_and_direction_of_the_lesson(tmp_path, locale, direction, told):
    script = make_script(locale=locale)

    page = Page(transcript_html(script, make_video(tmp_path, script), "lesson.mp4"))

    assert page.all("html") == [{"lang": locale, "dir": direction}]
    assert told in page.text
    [note] = [tag for tag in page.all("p") if tag.get("class") == "note"]
    assert note["lang"] == ("es" if locale.startswith("es") else "en")
