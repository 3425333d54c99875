"""The colours of code, from the roles of the brand's palette."""

from __future__ import annotations

from presgen.brands import Palette

ROLES: tuple[tuple[str, str], ...] = (
    ("comment, punctuation.definition.comment", "ink_soft"),
    ("keyword, storage, keyword.operator.logical", "accent"),
    ("string, constant.character", "good"),
    ("constant.numeric, constant.language, constant.other", "bad"),
    ("entity.name, support, meta.annotation, variable.function", "accent_deep"),
)
"""(what is coloured, role). All of them reach 4.5:1 on cards and on lit lines: `load_brand` sees to it."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>settings</key><array>'
_FOOT = "</array></dict></plist>"


def code_theme(palette: Palette) -> str:
    """Return the theme as typst takes it: a TextMate theme."""
    rules = "".join(_rule(getattr(palette, role), scope) for scope, role in ROLES)
    return f"{_HEAD}{_rule(palette.ink)}{rules}{_FOOT}"


def _rule(colour: str, scope: str = "") -> str:
    where = f"<key>scope</key><string>{scope}</string>" if scope else ""
    return (
        f"<dict>{where}<key>settings</key><dict><key>foreground</key><string>{colour}</string></dict></dict>"
    )
