r"""The TeX of arXiv's titles and abstracts as Unicode text, for outputs that cannot set formulas.

``$d^{3/2}\epsilon^{-2}$`` becomes ``d^(3/2)ϵ⁻²``. What is not TeX stays as it is: prices (``$5 and $10``), percent signs,
URLs, ``snake_case``. A macro that nobody knows keeps its name, so that no text is lost. Symbols are looked up in
pylatexenc's table; its converter is not used, since it drops groups (``d^3/2``), norms, comments and unknown macros.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from digest.render.tex_tables import (
    ABBREVIATIONS,
    ACCENTS,
    BLACKBOARD,
    DECLARATIONS,
    ESCAPES,
    FONTS,
    MAX_SCRIPT_CHARS,
    MAX_SCRIPT_LETTERS,
    OPERATORS,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)

_HINT_OF_TEX = re.compile(r"[\\$~`]|[\^_]\{|\w--|''| --")
_MACRO = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.DOTALL)
_URL = re.compile(r"https?://\S+")
#: No space inside the dollars, as pandoc has it; its other rule, no digit after them, is in _is_maths.
_INLINE = re.compile(r"\$(?!\s)((?:[^$\\]|\\.)+?)(?<!\s)\$(\d?)", re.DOTALL)
_DISPLAY = re.compile(
    r"\$\$((?:[^$\\]|\\.)+?)\$\$|\\\[(.{1,1000}?)\\\]|\\\((.{1,1000}?)\\\)", re.DOTALL
)
_LOOKS_LIKE_MATHS = re.compile(r"[\\^_{}=<>|]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ATOM = re.compile(r"√?[^\W_]+|.|\([^()]*\)", re.DOTALL)

#: Deeper nesting is no text that a person wrote; it is left as it stands.
MAX_DEPTH = 30
#: A group that long is one whose partner is missing; without a limit, each brace would be looked for to the end.
MAX_GROUP_CHARS = 1000


def to_unicode(text: str) -> str:
    """The text with its TeX turned into Unicode; never raises, and text without TeX comes back unchanged."""
    if not _HINT_OF_TEX.search(text):
        return text
    return _text(text, 0)


def _text(tex: str, depth: int) -> str:
    """Text mode: only what is certainly TeX is touched."""
    if depth > MAX_DEPTH:
        return tex
    out: list[str] = []
    at = 0
    while at < len(tex):
        char = tex[at]
        if char == "h" and (match := _URL.match(tex, at)):
            piece, at = match[0], match.end()
        elif char in "$\\" and (match := _DISPLAY.match(tex, at)):
            inner = next(g for g in match.groups() if g is not None)
            piece, at = _maths(inner.strip(), depth + 1), match.end()
        elif char == "$" and (match := _INLINE.match(tex, at)) and _is_maths(match):
            piece, at = _maths(match[1], depth + 1), match.end(1) + 1
        elif char == "\\":
            piece, at = _text_macro(tex, at, depth)
        elif char == "{" and (group := _group(tex, at)) and "\\" in group[0]:
            piece, at = _text(group[0], depth + 1), group[1]
        elif char in "^_" and at and tex[at - 1].isalnum() and (group := _group(tex, at + 1)):
            piece, at = _script(char, _maths(group[0], depth + 1)), group[1]
        else:
            before = out[-1][-1:] if out else ""
            piece, at = _ligature(tex, at, before or " ")
        out.append(piece)
    return "".join(out)


def _ligature(tex: str, at: int, before: str) -> tuple[str, int]:
    """Quotation marks, dashes and ties, where the characters around them leave no doubt; else one character."""
    after = tex[at + 1 : at + 2]
    if tex.startswith("``", at) and tex.find("''", at) > 0 and not tex.startswith("```", at):
        return "“", at + 2
    if tex.startswith("''", at) and "``" in tex[:at]:
        return "”", at + 2
    if tex[at] == "`" and (match := re.compile(r"`(\w[^`'\n]{0,60})'(?!\w)").match(tex, at)):
        return f"‘{match[1]}’", match.end()
    if (match := re.compile(r"-{2,3}(?![-\s>])").match(tex, at)) and before.isalnum():
        return "—" if match.end() - at == 3 else "–", match.end()
    if (match := re.compile(r"-{2,3}(?=\s)").match(tex, at)) and before == " ":
        return "—" if match.end() - at == 3 else "–", match.end()
    if tex[at] == "~" and (before.isalnum() or before in ".)]") and re.match(r"[\w\\$(\[]", after):
        is_range = before.isdigit() and after.isdigit()
        return "~" if is_range else " ", at + 1
    return tex[at], at + 1


def _is_maths(match: re.Match[str]) -> bool:
    """A price is not maths: something between the dollars must look like a formula."""
    inner, digit_after = match.groups()
    if digit_after:
        return "\\" in inner
    return bool(_LOOKS_LIKE_MATHS.search(inner)) or not _WORD.search(inner)


def _text_macro(tex: str, at: int, depth: int) -> tuple[str, int]:
    r"""A macro outside maths; ``C:\new`` and a backslash before nothing stay."""
    match = _MACRO.match(tex, at)
    if not match or (at and tex[at - 1] in ":\\/"):
        return tex[at], at + 1
    name, end = match[1] or match[2], match.end()
    is_known = name in ACCENTS or name in FONTS or name in DECLARATIONS or _symbol(name) is not None
    if match[2] and not is_known and name not in ESCAPES and name not in SPACES:
        return ("", end) if name == "\\" and tex[end : end + 1].isspace() else (match[0], end)
    if name in ABBREVIATIONS and not tex[at - 1 : at].isalnum():
        return ABBREVIATIONS[name].removesuffix("." if tex[end : end + 1] == "." else ""), end
    if match[1] and not is_known and name not in _COMMANDS:
        group = _group(tex, end)
        if group and group[0]:
            return _text(group[0], depth + 1), group[1]
        if group or not tex[at - 1 : at].isalnum():
            return name, group[1] if group else end
        return match[0], end
    return _macro(tex, match, depth, is_maths=False)


def _maths(tex: str, depth: int) -> str:
    """Maths mode: everything is TeX."""
    if depth > MAX_DEPTH:
        return tex
    out: list[str] = []
    at = 0
    while at < len(tex):
        char = tex[at]
        if char == "\\" and (match := _MACRO.match(tex, at)):
            piece, at = _macro(tex, match, depth, is_maths=True)
            if piece[:1].isalpha() and len(piece) > 1 and out and out[-1][-1:].isalnum():
                piece = " " + piece  # "n\log n"
            if len(piece) == 1 and tex[at : at + 1] == " " and not (out and out[-1].endswith(" ")):
                at += 1  # "n\times d" is set close, "n \times d" is not
        elif char == "{" and (group := _group(tex, at)):
            piece, at = _maths(group[0], depth + 1), group[1]
        elif char in "^_":
            argument, at = _argument(tex, at + 1)
            piece = _script(char, _maths(argument, depth + 1))
        else:
            piece, at = {"'": "′", "&": " ", "~": " "}.get(char, char), at + 1
        out.append(piece)
    return re.sub(r"[ \n]{2,}", " ", "".join(out)).strip()


def _macro(tex: str, match: re.Match[str], depth: int, *, is_maths: bool) -> tuple[str, int]:
    """What a macro and its arguments come to, and where the text goes on."""
    name, at = match[1] or match[2], match.end()
    mode = _maths if is_maths else _text

    def take(position: int) -> tuple[str, int]:
        raw, end = _argument(tex, position)
        return mode(raw, depth + 1), end

    if name in ESCAPES:
        return ESCAPES[name], at
    if name in SPACES:
        return SPACES[name], at
    if name in ACCENTS:
        letter, at = take(at)
        return _accented(letter, ACCENTS[name]), at
    if name in FONTS:
        inner, at = take(at)
        return "".join(BLACKBOARD.get(c, c) for c in inner) if name == "mathbb" else inner, at
    if name in DECLARATIONS:
        return "", at + len(tex[at:]) - len(tex[at:].lstrip(" ."[: 1 + (name in _DELIMITERS)]))
    if name in _FRACTIONS:
        above, at = take(at)
        below, at = take(at)
        return f"{_closed(above)}/{_closed(below)}", at
    if name == "sqrt":
        index = re.compile(r"\[([^\]]*)\]").match(tex, at)
        inner, at = take(index.end() if index else at)
        return f"{_script('^', index[1]) if index else ''}√{_closed(inner)}", at
    if name == "binom":
        above, at = take(at)
        below, at = take(at)
        return f"({above} choose {below})", at
    if name == "not":
        inner, at = take(at)
        return _accented(inner, "\u0338"), at
    if name in ("begin", "end"):
        return "", (_group(tex, at) or ("", at))[1]
    if name in ("url", "path"):
        return _argument(tex, at)
    if name == "href":
        url, at = _argument(tex, at)
        inner, at = take(at)
        return f"{inner} ({url})", at
    if name in _KEYS:
        key, at = _argument(tex, at)
        return f"[{key}]", at
    if name == "footnote":
        inner, at = take(at)
        return f" ({inner})", at
    if name in ("textsuperscript", "textsubscript"):
        inner, at = take(at)
        return _script("^" if name == "textsuperscript" else "_", inner), at
    return _named(tex, name, at, depth)


def _named(tex: str, name: str, at: int, depth: int) -> tuple[str, int]:
    """A symbol, an operator's name, or a macro of the author's own."""
    symbol = _symbol(name)
    if symbol is not None:
        if len(symbol) == 1 and symbol.isalpha() and name[-1:].isalpha():
            at += 1 if tex[at : at + 1] == " " else 2 * tex.startswith("{}", at)
        is_glued = len(symbol) > 1 and symbol.isalpha() and re.match(r"[A-Za-z\\]", tex[at:])
        return symbol + (" " if is_glued else ""), at
    group = _group(tex, at)
    if group and group[0]:
        return f"{name}({_maths(group[0], depth + 1)})", group[1]
    return name, group[1] if group else at


def _group(tex: str, at: int) -> tuple[str, int] | None:
    """What is between the brace at ``at`` and its partner, and the position after it; None where there is none."""
    if tex[at : at + 1] != "{":
        return None
    level = 0
    position = at
    while position < min(len(tex), at + MAX_GROUP_CHARS):
        char = tex[position]
        if char == "\\":
            position += 1
        elif char in "{}":
            level += 1 if char == "{" else -1
            if not level:
                return tex[at + 1 : position], position + 1
        position += 1
    return None


def _argument(tex: str, at: int) -> tuple[str, int]:
    r"""The raw argument at ``at``: a group, a macro with its own groups (``^\mathrm{T}``), or one character."""
    while tex[at : at + 1].isspace():
        at += 1
    if group := _group(tex, at):
        return group
    if match := _MACRO.match(tex, at):
        end = match.end()
        while group := _group(tex, end):
            end = group[1]
        return tex[at:end], end
    return tex[at : at + 1], min(at + 1, len(tex))


def _script(mark: str, inner: str) -> str:
    """Superscript or subscript characters where all exist, else ``^(3/2)``, ``_train``."""
    inner = inner.strip()
    if not inner:
        return ""
    if mark == "^" and inner in ("′", "°", "*", "†", "⋆"):
        return {"°": "°", "′": "′"}.get(inner, f"^{inner}")
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    is_long_word = inner.isalpha() and len(inner) > MAX_SCRIPT_LETTERS
    if not is_long_word and len(inner) <= MAX_SCRIPT_CHARS and all(c in table for c in inner):
        return "".join(table[c] for c in inner)
    is_word = len(inner) == 1 or (mark == "_" and inner.isalnum())
    return f"{mark}{inner}" if is_word else f"{mark}({inner})"


def _closed(inner: str) -> str:
    """The term with brackets round it, unless it holds together without them."""
    inner = inner.strip()
    return inner if _ATOM.fullmatch(inner) else f"({inner})"


def _accented(letters: str, accent: str) -> str:
    """The accent over the first letter, or under it: "e" -> "é"."""
    base = {"ı": "i", "ȷ": "j"}.get(letters[:1], letters[:1])
    return unicodedata.normalize("NFC", base + accent) + letters[1:] if base.strip() else letters


def _symbol(name: str) -> str | None:
    """The character or the operator's name that a macro stands for."""
    if name in SYMBOLS:
        return SYMBOLS[name]
    return name if name in OPERATORS else _table().get(name)


@cache
def _table() -> dict[str, str]:
    """The macros without arguments that pylatexenc knows."""
    from pylatexenc.latex2text import get_default_latex_context_db

    specs = get_default_latex_context_db().iter_macro_specs()
    return {
        s.macroname: s.simplify_repl
        for s in specs
        if isinstance(s.simplify_repl, str) and s.simplify_repl and "%" not in s.simplify_repl
    }


_DELIMITERS = ("left", "right")
_FRACTIONS = ("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac")
_KEYS = ("cite", "citep", "citet", "ref", "eqref", "autoref", "cref", "label")
_COMMANDS = {
    "sqrt", "binom", "not", "begin", "end", "url", "path", "href", "footnote", "textsuperscript", "textsubscript",
    *_FRACTIONS, *_KEYS,
}  # fmt: skip
