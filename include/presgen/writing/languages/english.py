"""English, as written in the United States; its personas may be from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presgen.writing.languages import Labels, Language, Noun, languages

_SMALL_WORDS = """
a an the this that these those all any both each every some no not one two three four five six seven
eight nine ten what when where which who why how if whether because while until before after since from
to in into on onto of off for by with without within as at about above across against along among around
behind below beneath beside between beyond during inside near over through under upon up down and or but
so nor yet more most less least many much few it its they their them he she his her you your we our is
are was were be been do does did can could should will would may might must have has had only always
never often other another same different new old first second third last known unknown good bad big small
high low fast slow open closed safe secure simple hard easy right wrong public private static dynamic default
full half long short local remote global virtual physical logical single multiple several key common basic
important typical own real main free better best worse worst larger smaller longer shorter higher lower next
"""


@languages.register("en")
class English(Language):
    """English."""

    code = "en"
    labels = Labels(
        where_you_stand="Where you stand",
        what_next="What to do next",
        takeaways="What you take with you",
        overall_score="overall score",
        answers_right="answers right",
        gap_to_close="gap to close",
        gaps_to_close="gaps to close",
        prepared_for="Prepared for {name}",
        prepared_for_you="Prepared for you",
        your_course="your course",
        question_review="Question review",
        source="Source",
        sources="Sources",
        answer_again="Answer {questions} from today again",
        read="Read {source}",
        next_gap="Next: {gap}",
        practice_test="Take the practice test again",
        the_question="the question",
        the_questions="the {count}",
        more="{count} more",
        many_more="many more",
        and_more="more",
        practice="practice",
    )
    numbers = (
        *("no", "one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    )
    gaps = Noun("no gaps", "one gap", "gaps")
    questions = Noun("no questions", "one question", "questions")
    percent_sign = "%"
    quotes = ("“", "”")
    inner_quotes = ("‘", "’")
    titles = {  # noqa: RUF012 - never written to
        "dr": "Dr",
        "prof": "Professor",
        "mr": "Mr",
        "mrs": "Mrs",
        "ms": "Ms",
        "mx": "Mx",
    }
    small_words = frozenset(_SMALL_WORDS.split())
    suffixes = (
        *("ing", "tion", "sion", "ment", "nes", "able", "ible"),
        *("ful", "ous", "ed", "ly", "ence", "ance"),
    )
    whole_answers = re.compile(
        r"(?:all|none|both|neither|any|some|each) of (?:the |these|those|them)", re.IGNORECASE
    )
    spoken_signs = tuple(
        (re.compile(pattern, flags), said)
        for pattern, said, flags in (
            (r"(?<!\w)e\.\s?g\.,?", "for example", re.IGNORECASE),
            (r"(?<!\w)i\.\s?e\.,?", "that is", re.IGNORECASE),
            (r"\betc\.(?=\s+[A-Z]|\s*$)", "and so on.", 0),
            (r"\betc\.?", "and so on", 0),
            (r"(?<!\w)vs?\.(?=\s)", "versus", 0),
            (r"\bapprox\.(?=\s)", "about", re.IGNORECASE),
            (r"(?<!\w)w/o\s", "without ", 0),
            (r"(?<!\w)w/\s", "with ", 0),
            (r"\s+&\s+", " and ", 0),
            (r"\s*(?:→|⇒|➔|➜)\s*", " to ", 0),
            (r"\s+(?:--?>|==?>)\s+", " to ", 0),
            (r"(?<=\d)\.{2,3}(?=\d)", " to ", 0),
            (r"_{3,}", "blank", 0),
            (r"≥", " at least ", 0),
            (r"≤", " at most ", 0),
            (r"≈", " about ", 0),
            (r"≠", " is not ", 0),
        )
    )
    instruction = re.compile(
        r"\s*[(\[](?:(?:choose|select|pick|mark)\b[^()\[\]]{0,40}|multiple (?:choice|answers?))[)\]]\.?",
        re.IGNORECASE,
    )
    abbreviations = frozenset(
        ("dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "inc", "ltd", "co", "resp", "cf")
    )
    before_a_number = frozenset(("no", "fig", "rev", "sec", "vol", "ch", "p", "pp", "ver", "v", "eq", "art"))
    unwritten = re.compile(
        r"unknown|placeholder|untitled|(?:\w+\W+){0,3}coming soon"
        r"|(?:\w+\W+){0,3}to be (?:determined|decided|announced|added|written|confirmed|defined)",
        re.IGNORECASE,
    )
    breaks = ("because", "which")
    letters_a_word = 4.65
    letters_an_initial = 2.5
    word_share = 1.0

    def listed(self, items: Sequence[str]) -> str:
        """Return ``items`` as one phrase: ``a``, ``a and b``, ``a, b, and c``."""
        if len(items) <= 1:
            return "".join(items)
        if len(items) == 2:
            comma = "," if any(" and " in item or " or " in item or "," in item for item in items) else ""
            return f"{items[0]}{comma} and {items[1]}"
        return f"{', '.join(items[:-1])}, and {items[-1]}"

    def compared(self, columns: Sequence[str], cells: Sequence[str]) -> str:
        """Return ``every byte for TCP, and nothing for UDP``."""
        return self.listed([f"{cell} for {column}" for column, cell in zip(columns, cells, strict=True)])

    def punctuated(self, text: str) -> str:
        """Put a full stop or comma inside the quotation it follows; drop it after an end already there."""
        text = re.sub(r"([.,?!…])”\.(?=\s|$)", r"\1”", text)
        text = re.sub(r"”([.,])(?=\s|$)", r"\1”", text)
        return re.sub(r"([?!…])\.(?=\s|$)", r"\1", text)

    def faults(self, sentence: str) -> tuple[str, ...]:
        """Find marks that English does not have."""
        return ("marks of another language",) if re.search("[«»¿¡]", sentence) else ()
