"""Is a text in English? The digest reads no other language, and has to say so instead of mangling it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Words that other languages of the Latin script do not share. Of 1,992 abstracts of SciTLDR train the poorest has a share
# of 0.10; the passages in 12 languages of the tests have none.
_ENGLISH = frozenset(
    "the and that this with from which are our these can has have been their we to by using".split()
)
MIN_ENGLISH_SHARE = 0.08  #: of all words; a text with more is not looked at further
MIN_WORDS = 12  #: fewer do not tell, unless they are not even in Latin letters
MIN_CONFIDENCE = 0.9  #: TeX, code and tables get at most 0.1, whole sentences 0.99
_LOOK = 5_000  #: characters that decide

_WORD = re.compile(r"[^\W\d_]+")

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovene", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def foreign_language(text: str) -> str:
    """The English name of the language of ``text`` where that is surely not English, else "".

    Too short, mostly formulas, code or numbers: "", for nothing can be told. The classifier (langid.py's, by
    py3langid) is loaded, which takes a second, only for a text with hardly an English function word.
    """
    text = text[:_LOOK]
    letters = [c for c in text if c.isalpha()]
    is_latin = sum(c < "ɐ" for c in letters) >= len(letters) / 2
    words = _WORD.findall(text.lower())
    if (is_latin and len(words) < MIN_WORDS) or len(letters) < MIN_WORDS:
        return ""
    if is_latin and sum(w in _ENGLISH for w in words) >= MIN_ENGLISH_SHARE * len(words):
        return ""
    code, confidence = _identifier().classify(text)
    if code == "en" or confidence < MIN_CONFIDENCE:
        return ""
    return _NAMES.get(code, f"the language {code!r}")


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
