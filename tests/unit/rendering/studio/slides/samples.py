"""Slides of every layout: ordinary ones, and ones with a given text in every place."""

from __future__ import annotations

from presgen.model.lesson import (
    BulletSlide,
    ChartSlide,
    ClosingSlide,
    CodeSlide,
    ComparisonSlide,
    DefinitionSlide,
    DiagramSlide,
    QuestionSlide,
    QuoteSlide,
    TitleSlide,
)

TITLE = TitleSlide(
    kicker="Networking",
    title="Two gaps to close",
    subtitle="Made from last night’s practice test",
    cards=(("62%", "overall score"), ("13 of 21", "right answers"), ("2", "gaps tonight")),
    domains=(("Switching", 100), ("DNS and DHCP", 66.7), ("IP addressing", 33.3)),
)
BULLETS = BulletSlide(
    kicker="IP addressing",
    title="What a subnet mask does",
    points=(("The mask", "draws a line."), ("Ones", "mean network."), ("Zeros", "mean host.")),
    source="RFC 4632, Section 3.1",
)
QUESTION = QuestionSlide(
    kicker="DNS and DHCP",
    question="What does a DHCP server do first?",
    options=("It acknowledges", "It offers an address", "It asks DNS", "It waits"),
    chosen=0,
    right=1,
    why="The acknowledgement is the last of four steps.",
)
CLOSING = ClosingSlide(
    kicker="Networking",
    title="That is two gaps closed",
    recap=("A mask splits an address", "DHCP offers first"),
    next_steps=("Answer five questions", "Draw the steps"),
)
CHART = ChartSlide(
    kicker="Results",
    title="Where marks were lost",
    bars=(("Switching", 100), ("Security", 86), ("DNS and DHCP", 66.7), ("IP addressing", 33.3)),
    note="Two thirds of the lost marks come from addressing alone.",
    source="Practice test, 21 questions",
)
DEFINITION = DefinitionSlide(
    kicker="Storage",
    term="Erasure coding",
    meaning="Data is cut into pieces and extended with parity, so that the whole survives the loss of some.",
    example="With 6 data and 3 parity pieces, any three disks may fail.",
    source="Storage handbook, p. 41",
)
COMPARISON = ComparisonSlide(
    kicker="Transport",
    title="TCP or UDP?",
    columns=("TCP", "UDP"),
    rows=(
        ("Connection", ("Three-way handshake first", "None: just send")),
        ("Order", ("Kept by sequence numbers", "Not kept")),
        ("Good for", ("Web, mail, files", "Calls, games, DNS")),
    ),
    source="RFC 9293, RFC 768",
)
CODE = CodeSlide(
    kicker="Python",
    title="Reading a file safely",
    language="python",
    code="import json\n\n\ndef load(path):\n    # Missing settings are no accident.\n    try:\n"
    '        with open(path, encoding="utf-8") as file:\n            return json.load(file)\n'
    '    except FileNotFoundError:\n        return {"retries": 3}\n',
    notes=((4, 4, "One argument is enough."), (7, 8, "The file is closed whatever happens.")),
    source="docs.python.org",
)
QUOTE = QuoteSlide(
    kicker="Reliability",
    quote="Hope is not a strategy. Systems that people depend on are watched, tested and repaired.",
    by="Site reliability handbook",
    source="Chapter 1",
)
DIAGRAM = DiagramSlide(
    kicker="DNS and DHCP",
    title="How a client gets its address",
    nodes=("Client", "DHCP server", "Address pool", "Router"),
    edges=((0, 1, "discover"), (1, 2, "look up"), (1, 0, "offer"), (0, 3, "sends")),
    source="RFC 2131",
)
SAMPLES = (TITLE, BULLETS, QUESTION, CLOSING, CHART, DEFINITION, COMPARISON, CODE, QUOTE, DIAGRAM)
ORDINARY = {slide.layout: slide for slide in SAMPLES}
STEPS = {
    "title": 2,
    "bullets": 3,
    "question": 3,
    "closing": 2,
    "chart": 2,
    "definition": 2,
    "comparison": 3,
    "code": 2,
    "quote": 1,
    "diagram": 4,
}
"""How many steps the ordinary slides have."""


def filled(text):
    """Return the ten layouts, with ``text`` in every place."""
    slides = (
        TitleSlide(
            kicker=text, title=text, subtitle=text, cards=((text, text),) * 3, domains=((text, 50.0),) * 6
        ),
        BulletSlide(kicker=text, title=text, points=((text, text),) * 4, source=text),
        QuestionSlide(kicker=text, question=text, options=(text,) * 5, chosen=0, right=4, why=text),
        ClosingSlide(kicker=text, title=text, recap=(text,) * 4, next_steps=(text,) * 3),
        ChartSlide(kicker=text, title=text, bars=((text, 50.0),) * 8, note=text, source=text),
        DefinitionSlide(kicker=text, term=text, meaning=text, example=text, source=text),
        ComparisonSlide(
            kicker=text, title=text, columns=(text,) * 4, rows=((text, (text,) * 4),) * 6, source=text
        ),
        CodeSlide(
            kicker=text,
            title=text,
            language="python",
            code="\n".join([text] * 24),
            notes=((1, 2, text), (20, 24, text)),
            source=text,
        ),
        QuoteSlide(kicker=text, quote=text, by=text, source=text),
        DiagramSlide(
            kicker=text,
            title=text,
            nodes=(text,) * 8,
            edges=tuple((n % 8, (n * 3 + 1) % 8, text) for n in range(10)),
            source=text,
        ),
    )
    return {slide.layout: slide for slide in slides}
