"""What a model on this machine is given to read, and what of its answer is the summary: one style a kind of model.

| style | for | reads |
|---|---|---|
| ``Tldr`` | a model with the adapter made by ``training/tldr/`` | text and title, as in training |
| ``Completion`` | a small model without one | two salient sentences, to go on from "The authors" |
| ``Chat`` | a model with a chat template | ``chat.question`` |
| ``Whole`` | sequence to sequence (BART, Pegasus, T5) | the text, behind the prefix of its kind |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from digest.salience import extract
from digest.sentences import split
from digest.summarize import chat
from digest.summarize.passages import choose
from digest.types import SummaryRequest

MAX_TITLE = 300  #: characters
_MAX_CHARS_A_TOKEN = 12  #: more than a token of English ever has on average


class Style(Protocol):
    """A way to ask and to read the answer."""

    version: (
        str  #: changes when the prompt or the reading of answers changes; a part of the cache key
    )
    ends_with_sentence: (
        bool  #: the model does not know how to end: stop it behind its first sentence
    )

    def ids(self, request: SummaryRequest, tokenizer: Any, limit: int) -> list[int]:
        """The prompt as token ids, at most ``limit``, with no token of the model's own that stands in the source."""

    def sentence(self, request: SummaryRequest, answer: str) -> str:
        """The summary in what the model wrote; "" where there is none."""


class Tldr:
    """The prompt of ``training/tldr/data.py``, tokenized piece by piece as there."""

    version = "tldr-4"
    ends_with_sentence = False
    max_text_tokens = 420  #: with the label

    def ids(self, request: SummaryRequest, tokenizer: Any, limit: int) -> list[int]:
        title = neutral(request.title, tokenizer)[:MAX_TITLE]
        tail = _tokens(tokenizer, "\nTitle:") + _tokens(tokenizer, f" {title}") if title else []
        tail += _tokens(tokenizer, "\nTL;DR:")
        room = min(self.max_text_tokens, limit - len(tail))
        return _fitted(request, tokenizer, "Abstract: ", max(room, 1)) + tail

    def sentence(self, request: SummaryRequest, answer: str) -> str:  # noqa: ARG002
        return first_sentence(answer)


class Completion:
    """A TL;DR that a model without any training for it goes on with.

    The model reads the two most telling sentences, in their order, not the whole text: read by hand, some half of 24
    summaries made from whole abstracts mixed up who does what, of 30 made from two sentences a fifth, in half the time.
    Of five wordings tried on 12 papers of SciTLDR train this one drifted least: asked in the chat format the model repeated
    the title or described its task, and after "This paper" it explored topics.
    """

    version = "4"
    ends_with_sentence = True
    sentences = 2
    max_text_tokens = 256

    def ids(self, request: SummaryRequest, tokenizer: Any, limit: int) -> list[int]:
        return _tokens(tokenizer, self.text(request, tokenizer))[-limit:]

    def text(self, request: SummaryRequest, tokenizer: Any) -> str:
        """The prompt in words."""
        chosen = sorted(extract(request, count=self.sentences), key=lambda s: s.spans[0].start)
        text = neutral(" ".join(s.text for s in chosen), tokenizer)
        text = text[: self.max_text_tokens * _MAX_CHARS_A_TOKEN]
        offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)[
            "offset_mapping"
        ]
        if len(offsets) > self.max_text_tokens:
            text = text[: offsets[self.max_text_tokens][0]]
        title = neutral(request.title, tokenizer)[:MAX_TITLE]
        label = "Abstract" if request.item_id.startswith("arxiv:") else "Text"
        return f"Title: {title}\n{label}: {text}\nTL;DR: {opening(request)}".rstrip()

    def sentence(self, request: SummaryRequest, answer: str) -> str:
        return in_third_person(first_sentence(opening(request) + answer))


class Chat:
    """One message in the model's own chat template."""

    version = "chat-1"
    ends_with_sentence = False

    def ids(self, request: SummaryRequest, tokenizer: Any, limit: int) -> list[int]:
        ids = self._ids(request, tokenizer)
        while len(ids) > limit and len(request.text) > 200:  # a context shorter than the text
            keep = int(len(request.text[: chat.MAX_CHARS]) * 0.8 * limit / len(ids))
            passages = choose(request.title, request.text, max(keep, 100))
            text = " ".join(request.text[a:b] for a, b in passages)
            request = replace(request, text=text if len(text) < len(request.text) else text[:100])
            ids = self._ids(request, tokenizer)
        return ids[-limit:]

    def _ids(self, request: SummaryRequest, tokenizer: Any) -> list[int]:
        told = replace(request, title=neutral(request.title, tokenizer), text=_without(request.text, tokenizer))  # fmt: skip
        # Models that think first are asked not to; a template that knows no thinking ignores it.
        ids = tokenizer.apply_chat_template(
            [{"role": "user", "content": chat.question(told)}],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=False,
            enable_thinking=False,
        )
        return list(ids)

    def sentence(self, request: SummaryRequest, answer: str) -> str:  # noqa: ARG002
        return chat.sentence_of(answer)


class Whole:
    """The text itself; the answer's first sentence."""

    version = "whole-1"
    ends_with_sentence = False

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix  #: T5 knows its tasks by a word before the text

    def ids(self, request: SummaryRequest, tokenizer: Any, limit: int) -> list[int]:
        empty = tokenizer("", add_special_tokens=True)["input_ids"]  # such as <s> and </s>
        text = _fitted(request, tokenizer, self._prefix, max(limit - len(empty), 1))
        return list(tokenizer.build_inputs_with_special_tokens(text)) if empty else text

    def sentence(self, request: SummaryRequest, answer: str) -> str:  # noqa: ARG002
        return first_sentence(answer)


def neutral(text: str, tokenizer: Any) -> str:
    """``text`` in one line, without what this model's tokenizer, or a chat template, takes for its own."""
    return chat.plain(_without(text, tokenizer))


def _without(text: str, tokenizer: Any) -> str:
    own = {str(t) for t in tokenizer.added_tokens_decoder.values()} | set(tokenizer.all_special_tokens)  # fmt: skip
    for token in own:
        # A blank is an ordinary character, though some vocabularies list runs of them among the added ones.
        if token.strip() and token in text:
            text = text.replace(token, " ")
    return text


def _fitted(request: SummaryRequest, tokenizer: Any, label: str, limit: int) -> list[int]:
    """``label`` and the text, at most ``limit`` tokens; of a longer text the most telling passages in their order."""
    text = request.text
    max_chars = limit * _MAX_CHARS_A_TOKEN
    for _ in range(3):
        passages = choose(request.title, text, max_chars) if len(text) > max_chars else ()
        told = " ".join(text[a:b] for a, b in passages) if passages else text[:max_chars]
        ids = _tokens(tokenizer, label + neutral(told, tokenizer))
        # An abstract some tokens too long is cut, as it was in training; a long text is chosen from.
        if len(ids) <= limit * 5 // 4:
            break
        max_chars = int(len(told) * 0.97 * limit / len(ids))
    return ids[:limit]


def _tokens(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def opening(request: SummaryRequest) -> str:
    """The words that the summary of an untrained model begins with, so that it reports instead of talking about its task.

    Of a paper the first words of what its authors say they do, in the third person: left to choose a verb of its own, the
    model chose a claim of its own as well. Of 28 papers of the sample weeks 15 summaries then passed the checks, 6 before. None for posts
    and articles: "the authors of the article" is what it would write of a company's news.
    """
    if request.is_thread:
        return "" if request.title.startswith(("Show HN", "Launch HN")) else "The post asks"
    if not request.item_id.startswith("arxiv:"):
        return ""
    key = next((s.text for s in extract(request)), "")
    we_do = _WE_DO.match(key)
    return f"The authors {we_do[1]}" if we_do else "The authors"


_WE_DO = re.compile(
    r"(?:(?:In this|To) [^,]{1,60}, |Here,? )?we (?!can\b|also\b)(\w+ (?:and \w+ )?[\w-]+)\b",
    re.IGNORECASE,
)


def first_sentence(text: str) -> str:
    """The first sentence of ``text``, in one line; all of it where none is complete."""
    line = next((s for s in text.strip().splitlines() if s.strip()), "")
    spans = split(line)
    return line[slice(*spans[0])] if spans else ""


def in_third_person(sentence: str) -> str:
    """A model's sentence about "the authors" without its relapses into "we", which stands in what it has read."""
    sentence = re.sub(r"^We\b", "The authors", sentence)
    if sentence.startswith("The authors"):
        sentence = re.sub(r"\bwe\b", "they", sentence)
        sentence = re.sub(r"\bour\b", "their", sentence)
    return sentence


def finished(answer: str) -> str:
    """``answer`` with a full stop where it ends in a letter, a digit or a bracket."""
    answer = answer.rstrip()
    return f"{answer}." if re.search(r"[\w)\]]$", answer) else answer


def versions(style: Style, request: SummaryRequest, answers: Sequence[str]) -> list[str]:
    """The sentences in ``answers``, in their order, each once; [""] where all are empty."""
    sentences = dict.fromkeys(s for a in answers if (s := style.sentence(request, a)))
    return list(sentences) or [""]
