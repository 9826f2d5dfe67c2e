"""Formulas in HTML to TeX between dollar signs, as papers and threads write them.

MathML that says its TeX (KaTeX, arXiv's HTML), the scripts of MathJax 2 and the pictures of WordPress would otherwise
lose their formula, or say it twice.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_MATH = re.compile(r"<math\b[^<>]{0,20000}>", re.IGNORECASE)
_ALT_TEXT = re.compile(r"""\balttext=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ANNOTATION = re.compile(
    r"<annotation\b[^<>]{0,200}application/x-tex[^<>]{0,200}>([^<]{1,10000})</annotation", re.IGNORECASE
)  # fmt: skip
#: Of a formula that tells no TeX only the letters are kept; a sanitizer drops them with their tags.
_MATHML_TAG = re.compile(
    r"<annotation\b[^<>]{0,200}>[^<]{0,10000}</annotation[^<>]*>"
    r"|</?(?:math|semantics|annotation|m(?:action|enclose|error|fenced|frac|i|multiscripts|n|o|over|padded|phantom|root|row"
    r"|s|space|sqrt|style|su[bp]|subsup|t[drable]{1,4}|text|under|underover))(?:\s[^<>]{0,20000})?/?>",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b[^<>]{0,200}\btype=[\"']math/tex[^<>]{0,200}>", re.IGNORECASE)
_LATEX_PICTURE = re.compile(
    r"<img\b(?=[^<>]{0,4000}\bclass=[\"'][^\"'<>]{0,100}\blatex\b)[^<>]{0,4000}>", re.IGNORECASE
)
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def with_tex(markup: str) -> str:
    """``markup`` with its formulas as escaped TeX between dollar signs, where they tell their TeX."""
    if "<math" in markup or "<MATH" in markup:
        markup = _replaced(markup, _MATH, "</math>", _tex_of_mathml)
        markup = _MATHML_TAG.sub("", markup)
    if "math/tex" in markup:
        # a script holds TeX as it is, "<" and all
        markup = _replaced(markup, _SCRIPT, "</script>", lambda _, tex: tex)
    if "latex" in markup:
        markup = _LATEX_PICTURE.sub(_tex_of_picture, markup)
    return markup


def _replaced(
    markup: str, opening: re.Pattern[str], closing: str, tex_of: Callable[[str, str], str]
) -> str:
    """``markup`` with each element that has TeX replaced by it; linear, whatever is left open."""
    pieces, at = [], 0
    for match in opening.finditer(markup):
        if match.start() < at:
            continue
        end = markup.find(closing, match.end())
        if end < 0:
            break
        pieces.append(markup[at : match.start()])
        at = end + len(closing)
        tex = tex_of(match[0], markup[match.end() : end])
        pieces.append(_dollars(tex) if tex.strip() else markup[match.start() : at])
    return "".join([*pieces, markup[at:]])


def _tex_of_mathml(tag: str, inner: str) -> str:
    if match := _ALT_TEXT.search(tag):
        return html.unescape(match[1] or match[2] or "")
    match = _ANNOTATION.search(inner)
    return html.unescape(match[1]) if match else ""


def _tex_of_picture(match: re.Match[str]) -> str:
    alt = _ALT.search(match[0])
    tex = html.unescape(alt[1] or alt[2] or "") if alt else ""
    return _dollars(tex) if tex.strip() else match[0]


def _dollars(tex: str) -> str:
    tex = " ".join(tex.split()).strip("$").strip()
    # displayed as a block by the page's own style; of no matter in running text
    tex = re.sub(r"^\{?\\displaystyle\s*(.*?)\}?$", r"\1", tex) if "\\displaystyle" in tex else tex
    return f"${html.escape(tex, quote=False)}$"
