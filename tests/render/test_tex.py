r"""TeX of abstracts as Unicode: formulas readable, plain text untouched, nothing lost."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.render.tex import to_unicode

FORMULAS = {
    r"$d^{3/2}\epsilon^{-2}$": "d^(3/2)ϵ⁻²",
    r"$x_{t+1}=x_t-\eta\nabla f(x_t)$": "xₜ₊₁=xₜ-η∇f(xₜ)",
    r"$\|\theta-\theta^*\|_2$": "‖θ-θ^*‖₂",
    r"$X\in\mathbb{R}^{n\times d}$": "X∈ℝ^(n×d)",
    r"$\tilde{O}(\sqrt{T})$": "Õ(√T)",
    r"$\frac{a+b}{c}$ and $\frac1{\sqrt T}$": "(a+b)/c and 1/√T",
    r"$O(n\log n)$, $\log\log n$": "O(n log n), log log n",
    r"$\operatorname*{arg\,min}_x f(x)$": "arg minₓ f(x)",
    r"$A^\top$, $90^\circ$, $f'(x)$, $w_{\mathrm{max}}$": "Aᵀ, 90°, f′(x), w_max",
    r"$\mathbf{W}_{ij}^{(l)}$": "Wᵢⱼ⁽ˡ⁾",
    r"$\left(\frac12\right)$": "(1/2)",
    r"$$\sum_{i=1}^n x_i$$": "∑ᵢ₌₁ⁿ xᵢ",
    r"\(\alpha\beta\) and \[x\]": "αβ and x",
    r"$\not\in$, $\neq$, $1{,}000$": "∉, ≠, 1,000",
    r"$\sim$90 and $\pm 3$": "~90 and ±3",
    r"$k$-means, $\ell_1$, $p<0.05$": "k-means, ℓ₁, p<0.05",
    r"$\begin{pmatrix}1&2\end{pmatrix}$": "1 2",
    r"a bound of d^{3/2} and x_{i}": "a bound of d^(3/2) and xᵢ",
    r"$\norm{x}$": "norm(x)",
}

TEXTS = {
    r"Erd\H{o}s, Poincar\'e, Sch\"{o}lkopf, {\'E}cole, Stra\ss e": "Erdős, Poincaré, Schölkopf, École, Straße",
    r"\o rsted and fran\c{c}ais": "ørsted and français",
    r"``quoted'' and `single' -- dash---em, 10--20": "“quoted” and ‘single’ – dash—em, 10–20",
    r"10\% of 50% \& more, \$5, Fig.~3": "10% of 50% & more, $5, Fig. 3",
    r"\emph{very} {\bf bold} \textsc{Foo}": "very bold Foo",
    r"\methodname achieves \own{this}": "methodname achieves this",
    r"\url{http://a.b} and \href{http://c.d}{there}": "http://a.b and there (http://c.d)",
    r"as shown in \cite{he2016}": "as shown in [he2016]",
    r"a task, \ie, \eg. one of Lee \etal\ and \vs.\ others": "a task, i.e., e.g. one of Lee et al. and vs. others",
}

UNTOUCHED = (
    "The model costs $5 and saves $10.",
    "From $2M to $3M, or $5-$10 in total",
    "snake_case, R^2, 50% of A&B, a < b > c, {json: 1}, 10^-5",
    "--flag and ~5 and 5~10 and https://example.org/~a_b--c?x=%20",
    r"C:\new\table on Windows",
    "Naïve “quotes” — and 日本語, it's “don't”",
    "a $ alone, and `code` in back ticks",
)


@pytest.mark.parametrize(("tex", "text"), [*FORMULAS.items(), *TEXTS.items()])
def test_tex_becomes_what_one_would_write_by_hand(tex, text):
    assert text == to_unicode(tex)


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_not_tex_comes_back_unchanged(text):
    assert text == to_unicode(text)


@pytest.mark.parametrize("tex", [*FORMULAS, *TEXTS])
def test_a_second_pass_changes_nothing(tex):
    assert to_unicode(tex) == to_unicode(to_unicode(tex))


@pytest.mark.parametrize(
    "tex", ["{" * 1500, "$" + r"\frac{" * 800, "^{" * 800, "$x" + "_{x" * 200 + "}" * 200 + "$"]
)
def test_hopeless_nesting_neither_raises_nor_takes_long(tex):
    assert isinstance(to_unicode(tex), str)


def letters(text):
    return sorted(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


TEX_LIKE = st.text(alphabet=[*list("ab12 ${}^_~`'-.,%&()\n"), "é", "∈"], max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            *FORMULAS,
            *TEXTS,
            *UNTOUCHED,
            "\\",
            "{",
            "}",
            "$",
            "^",
            "_",
            "\\frac",
            "\\left",
            "\\begin{",
            "\x00",
        ]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(TEX_LIKE)
def test_without_macros_no_letter_and_no_digit_is_lost(text):
    assert letters(text) == letters(to_unicode(text))


@settings(max_examples=100, deadline=None)
@given(st.one_of(PIECES, st.text(max_size=80)))
def test_nothing_that_a_source_may_send_raises(text):
    once = to_unicode(text)

    assert isinstance(to_unicode(once), str)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.from_regex(re.compile(r"[a-z]{2,8}", re.ASCII), fullmatch=True), min_size=1, max_size=8
    )
)
def test_every_word_of_the_text_survives(words):
    wrapped = [
        r"\emph{%s}",
        "$x_{%s}$",
        r"$\mathrm{%s}$",
        r"{\bf %s}",
        r"$\frac{%s}{2}$",
        "%s",
        "``%s''",
        r"\own{%s}",
    ]
    tex = " ".join(form % word for form, word in zip(wrapped, words, strict=False))

    assert [w for w in words if w not in unicodedata.normalize("NFKC", to_unicode(tex))] == []
