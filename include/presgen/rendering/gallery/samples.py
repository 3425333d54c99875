"""What the gallery shows, all of it made up: a section for every layout, and texts that are hard to set."""

from __future__ import annotations

from presgen.model.base import Percent, Seconds
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
    Section,
    SectionKind,
    Sentence,
    Slide,
    TitleSlide,
)

KICKER = "TCP, UDP and ports"


def _section(
    slug: str,
    slide: Slide,
    *texts: str,
    kind: SectionKind = SectionKind.EXHIBIT,
    locale: str = "en-US",
    last_step: int | None = None,
) -> Section:
    """Make a section whose slide goes one step on with each sentence, and has them all with the last."""
    last = len(texts) - 1 if last_step is None else last_step
    steps = [min(number, last) for number in range(len(texts) - 1)] + [last]
    return Section(
        kind=kind,
        slug=slug,
        title=slug,
        persona="mentor",
        locale=locale,
        sentences=tuple(Sentence(text=text, step=step) for text, step in zip(texts, steps, strict=True)),
        slide=slide,
        planned=Seconds(3.0 * len(texts)),
    )


LAYOUTS: tuple[Section, ...] = (
    _section(
        "title",
        TitleSlide(
            kicker="Networking Essentials",
            title="Your way to the exam",
            subtitle="What went well, and what today’s lesson is about",
            cards=(("71 %", "overall"), ("34 of 48", "answers right"), ("3", "topics today")),
            domains=(
                ("Cabling and media", Percent(94.0)),
                ("IPv4 addressing", Percent(81.0)),
                ("Routing", Percent(66.0)),
                ("TCP, UDP and ports", Percent(48.0)),
                ("Name resolution", Percent(37.0)),
            ),
        ),
        "Welcome back, and good to see you.",
        "Thirty-four of your forty-eight answers were right.",
        "Ports and name resolution are what we look at today.",
        kind=SectionKind.OPENING,
    ),
    _section(
        "bullets",
        BulletSlide(
            kicker=KICKER,
            title="Well-known ports",
            points=(
                ("A port number", "says which program on a host gets the data."),
                ("Below 1024", "ports are assigned: everybody knows where to knock."),
                ("HTTPS", "waits on port 443, and plain HTTP on port 80."),
                ("DNS", "answers on port 53, over UDP and TCP."),
            ),
            source="RFC 6335, Section 6",
        ),
        "A port number tells one program from another.",
        "The ports below 1024 are assigned.",
        "A web server waits on port 443.",
        "And name servers answer on port 53.",
        kind=SectionKind.DEEP_DIVE,
        last_step=4,
    ),
    _section(
        "question",
        QuestionSlide(
            kicker="Question 12 reviewed",
            question="Which port does a browser use when an address starts with https and names no port?",
            options=("Port 22", "Port 53", "Port 80", "Port 443"),
            chosen=2,
            right=3,
            why="Port 80 is plain HTTP. With TLS on top, the browser asks for port 443.",
        ),
        "Here is a question you met.",
        "Port 80 was your choice, and it is close.",
        "Port 443 is right.",
        "With encryption on top, the browser asks for another port.",
        kind=SectionKind.REMEDY,
    ),
    _section(
        "chart",
        ChartSlide(
            kicker="Your results",
            title="Where the points were lost",
            bars=(
                ("Cabling and media", Percent(94.0)),
                ("IPv4 addressing", Percent(81.0)),
                ("Routing", Percent(66.0)),
                ("Wireless", Percent(58.0)),
                ("TCP, UDP and ports", Percent(48.0)),
                ("Name resolution", Percent(37.0)),
            ),
            note="Two domains hold more than half of the lost points.",
            source="Assessment of 48 questions",
        ),
        "Let us look at the whole picture first.",
        "The bars show each domain of the exam.",
        "Two of them hold most of the lost points.",
    ),
    _section(
        "definition",
        DefinitionSlide(
            kicker=KICKER,
            term="Ephemeral port",
            meaning="A port a client borrows for one conversation and gives back afterwards.",
            example="A browser may talk from port 51 734 to port 443 of the server.",
            source="RFC 6335, Section 6",
        ),
        "One word you will meet again and again.",
        "An ephemeral port is borrowed for one conversation.",
        "Your browser does that for every page.",
    ),
    _section(
        "comparison",
        ComparisonSlide(
            kicker=KICKER,
            title="TCP or UDP",
            columns=("TCP", "UDP"),
            rows=(
                ("Before sending", ("opens a connection", "sends at once")),
                ("Lost packets", ("are sent again", "stay lost")),
                ("Order", ("is kept", "is not promised")),
                ("Used by", ("web, mail, files", "calls, names, games")),
            ),
            source="RFC 9293 and RFC 768",
        ),
        "Two protocols carry nearly everything.",
        "One opens a connection first.",
        "One sends again what was lost.",
        "One keeps the order.",
        "So each has its own uses.",
    ),
    _section(
        "code",
        CodeSlide(
            kicker=KICKER,
            title="Who is listening?",
            language="bash",
            code=(
                "$ ss --tcp --listening --numeric\n"
                "State   Local Address:Port\n"
                "LISTEN        0.0.0.0:22\n"
                "LISTEN        0.0.0.0:443\n"
                "LISTEN      127.0.0.1:5432\n"
                "\n"
                "$ curl --head https://shop.example\n"
                "HTTP/2 200"
            ),
            notes=((1, 1, "Ask for listening sockets"), (4, 4, "The web server"), (5, 5, "Local only")),
            source="Handbook, Chapter 3",
        ),
        "A short command shows who is listening.",
        "We ask for listening sockets.",
        "Here is the web server.",
        "And this one is only for the machine itself.",
    ),
    _section(
        "quote",
        QuoteSlide(
            kicker="A rule of thumb",
            quote="Be strict in what you send, and generous in what you accept.",
            by="The Networking Handbook",
            source="Chapter 1, page 9",
        ),
        "Engineers have lived by one sentence for decades.",
        "Be strict in what you send, and generous in what you accept.",
    ),
    _section(
        "diagram",
        DiagramSlide(
            kicker=KICKER,
            title="From a name to a page",
            nodes=("Browser", "Resolver", "Name server", "Web server"),
            edges=((0, 1, "asks for a name"), (1, 2, "port 53"), (0, 3, "port 443")),
            source="Handbook, Chapter 4",
        ),
        "What happens before a page appears?",
        "The browser asks a resolver.",
        "The resolver asks a name server.",
        "Only then the browser calls the web server.",
    ),
    _section(
        "closing",
        ClosingSlide(
            kicker="What you take with you",
            title="You know where to knock",
            recap=(
                "A port names a program on a host.",
                "HTTPS is 443, HTTP is 80, DNS is 53.",
                "TCP keeps order; UDP is quick.",
            ),
            next_steps=("Repeat question 12 tomorrow.", "Read chapter 3.", "Look at your own open ports."),
        ),
        "That was a lot in a short time.",
        "A port names a program on a host.",
        "Repeat the question tomorrow, and read the chapter.",
        kind=SectionKind.CLOSING,
    ),
)
"""One section for each layout."""

_LONG_REASON = (
    "equal costs are shared so that no link is idle while another one drops what it cannot carry, which a "
    "single preferred way would do in every busy hour of the day."
)
_LONG_WORD = "Rindfleischetikettierungsüberwachungsgesetz"

TEXTS: tuple[Section, ...] = (
    _section(
        "short",
        BulletSlide(kicker="DNS", title="Names", points=(("A", "IPv4"), ("AAAA", "IPv6"))),
        "Names.",
        "Two records.",
        last_step=2,
    ),
    _section(
        "long",
        BulletSlide(
            kicker="Advanced routing, redundancy and the behaviour of networks under unusual load",
            title="Why a router with two equally good ways prefers neither of them and uses both at once",
            points=tuple(
                (
                    f"Reason number {number}, in a few more words than usual",
                    _LONG_REASON,
                )
                for number in range(1, 5)
            ),
            source="The Networking Handbook, Chapter 12, pages 340 to 366, with all errata",
        ),
        "There is much to say about this, so let us take it slowly and one thing after the other.",
        "Equal costs are shared, so that no link is idle while another drops what it cannot carry.",
        last_step=4,
    ),
    _section(
        "words",
        QuestionSlide(
            kicker=_LONG_WORD,
            question=f"{_LONG_WORD} {_LONG_WORD}?",
            options=(_LONG_WORD, "x" * 60, "https://a.very.long.name.example/with/a/path/and/no/space", "No"),
            chosen=0,
            right=3,
            why=f"{_LONG_WORD} has forty letters and more.",
        ),
        "Some words are longer than a line.",
        "This one is.",
        "And this.",
        "They are broken where they have to be.",
    ),
    _section(
        "arabic",
        BulletSlide(
            kicker="الشبكات",
            title="المنافذ المعروفة",
            points=(
                ("رقم المنفذ", "يحدد البرنامج الذي يستلم البيانات."),
                ("HTTPS", "يستخدم المنفذ 443، و HTTP المنفذ 80."),
            ),
            source="RFC 6335",
        ),
        "رقم المنفذ يحدد البرنامج.",
        "HTTPS يستخدم المنفذ 443.",
        locale="ar",
        last_step=2,
    ),
    _section(
        "japanese",
        BulletSlide(
            kicker="ネットワーク入門",
            title="よく使われるポート番号",
            points=(
                ("ポート番号", "は、どのプログラムがデータを受け取るかを示します。"),
                ("HTTPS", "は 443 番、HTTP は 80 番を使います。"),
            ),
            source="RFC 6335",
        ),
        "ポート番号は、プログラムを示します。",
        "HTTPS は 443 番を使います。",
        locale="ja",
        last_step=2,
    ),
    _section(
        "emoji",
        QuestionSlide(
            kicker="¿Qué puerto? 🚪",
            question="¿Qué puerto usa HTTPS por defecto? 🔒",
            options=("22 🐚", "53 📇", "80 🌐", "443 🔒"),
            chosen=2,
            right=3,
            why="Con TLS, el navegador pide el puerto 443. ✅",
        ),
        "Una pregunta que conoces.",
        "Elegiste el puerto 80.",
        "El 443 es el correcto.",
        "Con TLS, el navegador pide otro puerto.",
        locale="es-ES",
    ),
)
"""Texts that are hard to set: as short and as long as they come, and in other scripts."""
