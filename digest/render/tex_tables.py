"""What ``digest.render.tex`` looks up; pylatexenc's table has the other symbols."""

from __future__ import annotations

#: Combining characters, after the letter.
ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "k": "\u0328",
    "r": "\u030a", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip

#: Macros whose argument is shown as it is.
FONTS = {
    "emph", "text", "textbf", "textit", "texttt", "textrm", "textsf", "textsc", "textsl", "textup", "textmd",
    "textnormal", "underline", "uline", "mbox", "hbox", "mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathcal",
    "mathscr", "mathbb", "mathfrak", "mathds", "mathbbm", "operatorname", "bm", "boldsymbol", "pmb", "mathop",
    "mathbin", "mathrel", "ensuremath", "section", "subsection", "paragraph", "title",
}  # fmt: skip

#: Macros that set a style or a size, and show nothing.
DECLARATIONS = {
    "em", "bf", "it", "tt", "sc", "rm", "sf", "sl", "bfseries", "itshape", "ttfamily", "tiny", "small", "normalsize",
    "large", "Large", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "left", "right", "middle",
    "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "noindent",
    "centering", "xspace", "hfill", "protect", "relax", "-", "/",
}  # fmt: skip

#: Macros that many a conference's style file defines, and an abstract then uses without it.
ABBREVIATIONS = {
    "ie": "i.e.", "eg": "e.g.", "etal": "et al.", "wrt": "w.r.t.", "iid": "i.i.d.", "etc": "etc.", "cf": "cf.", "vs": "vs.",
}  # fmt: skip

ESCAPES = {c: c for c in "%&#_${}"} | {"|": "‖", "\\": " "}
SPACES = {
    ",": " ",
    ";": " ",
    ":": " ",
    " ": " ",
    "\n": " ",
    "quad": " ",
    "qquad": " ",
    "!": "",
    ">": " ",
}

OPERATORS = {
    "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "deg", "det", "dim", "exp", "gcd", "inf",
    "ker", "lim", "liminf", "limsup", "ln", "log", "max", "min", "poly", "polylog", "Pr", "sin", "sinh", "sup", "tan",
    "tanh", "tr", "Tr",
}  # fmt: skip

SYMBOLS = {
    "ne": "≠", "neq": "≠", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ll": "≪",
    "gg": "≫", "lesssim": "≲", "gtrsim": "≳", "cdot": "·", "ast": "*", "star": "⋆", "dagger": "†", "top": "⊤",
    "intercal": "⊤", "perp": "⊥", "circ": "°", "prime": "′", "ldots": "…", "dots": "…", "cdots": "…", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "ell": "ℓ", "to": "→", "gets": "←", "iff": "⇔",
    "implies": "⇒", "triangleq": "≜", "coloneqq": "≔", "setminus": "∖", "emptyset": "∅", "varnothing": "∅",
    "epsilon": "ϵ", "sim": "~", "eps": "ε", "LaTeX": "LaTeX", "TeX": "TeX", "textasciitilde": "~", "textbackslash": "\\",
    "textgreater": ">", "textless": "<", "lbrace": "{", "rbrace": "}", "colon": ":", "item": "• ", "bmod": "mod",
    "mod": "mod", "i": "ı", "j": "ȷ", "textmu": "µ", "degree": "°", "%": "%", "sharp": "#", "checkmark": "✓",
    "xmark": "✗", "cmark": "✓", "S": "§", "P": "¶", "O": "Ø", "o": "ø", "ss": "ß", "newline": " ", "par": " ",
    "textquotesingle": "'", "textquotedblleft": "“", "textquotedblright": "”", "textemdash": "—", "textendash": "–",
}  # fmt: skip

BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))

#: Longer exponents and indices are easier to read on the line.
MAX_SCRIPT_CHARS = 5
MAX_SCRIPT_LETTERS = 2

SUPERSCRIPTS = dict(
    zip("0123456789+-−=()abcdefghijklmnoprstuvwxyzT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ", strict=True)
)  # fmt: skip
SUBSCRIPTS = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))  # fmt: skip
