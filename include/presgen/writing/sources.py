"""Where course content comes from, as a slide's foot names it."""

from __future__ import annotations

from collections.abc import Sequence

from presgen.model.learner import ContentItem
from presgen.model.lesson import Source
from presgen.writing.composing import cited, label
from presgen.writing.languages import Language
from presgen.writing.plain_text import is_placeholder, shorten

LONGEST_CREDIT = 96
"""Characters of the line that names the sources."""


def source_of(item: ContentItem, language: Language) -> Source:
    """Return where ``item`` comes from; placeholders name nothing."""
    title = "" if is_placeholder(item.source, language) else label(item.source, 80, language)
    page = "" if is_placeholder(item.page_ref, language) else label(item.page_ref, 60, language)
    return Source(title=title, page=page)


def credit(sources: Sequence[Source], language: Language) -> str:
    """Return the line at the slide's foot; the pages are named as long as there is room for all of them."""
    if not sources:
        return ""
    titles = list(dict.fromkeys(source.title for source in sources))
    for named in ([cited(source) for source in sources], titles):
        word = language.labels.source if len(named) == 1 else language.labels.sources
        line = f"{word}: {' · '.join(named)}"
        if len(line) <= LONGEST_CREDIT:
            break
    return shorten(line, LONGEST_CREDIT)
