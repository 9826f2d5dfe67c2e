"""The sides that ``bench/summaries.py`` compares, each a process of its own that answers a line of JSON with a line of JSON.

``python summaries_sides.py SETTINGS`` with the settings as JSON; llama.cpp's side runs under another Python, so nothing of
this program and no package is imported before a side is chosen.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

Side = Callable[[dict[str, Any]], dict[str, Any]]


def engine(settings: dict[str, Any]) -> Side:
    """The program's own back end, all texts of a call in one batch, greedy or with ``samples``: ``{"texts": [[title, text], ...]}`` to ``{"summaries"}``."""
    from digest.summarize.local import LocalSummarizer

    summarizer = LocalSummarizer(_config(settings, settings["dtype"]))

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        found = summarizer.summarize(_requests(asked["texts"]))
        return {"summaries": [summary.sentences[0].text for summary in found]}

    return answer


def plain(settings: dict[str, Any]) -> Side:
    """The ``generate`` of transformers in float32, one text after the other, of the same prompts with the same rules for the end.

    Gives the ``prompts`` and the number of tokens ``written`` as well, for llama.cpp to read and write as many.
    """
    from digest.models.generator import load_generator
    from digest.models.weights import find_weights
    from digest.summarize.generation import Decoding, LibraryWriter, room_on, sentence_ended
    from digest.summarize.local import adapter_of, style_of
    from digest.summarize.prompts import versions

    config = _config(settings, "float32")
    adapter = adapter_of(config)
    style = style_of(config, adapter)
    assert style is not None, "a model whose prompt is known by its name or its adapter"
    loaded = load_generator(find_weights(config.model), adapter, device="cpu", dtype="float32")
    tokenizer = loaded.tokenizer
    writer = LibraryWriter(
        loaded.model,
        pad_id=tokenizer.pad_token_id,
        end_ids=loaded.end_ids,
        room=room_on("cpu"),
        ended=sentence_ended(tokenizer) if style.ends_with_sentence else None,
    )
    limit = loaded.context - config.max_new_tokens
    how = Decoding(max_new_tokens=config.max_new_tokens)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        summaries, prompts, written = [], [], []
        for request in _requests(asked["texts"]):
            prompt = style.ids(request, tokenizer, limit)
            [[tokens]] = writer.write([prompt], how)
            text = tokenizer.decode(tokens, skip_special_tokens=True)
            summaries.append(versions(style, request, [text])[0])
            prompts.append(prompt)
            written.append(min(len(tokens) + 1, config.max_new_tokens))  # the one that ends it
        return {"summaries": summaries, "prompts": prompts, "written": written}

    return answer


def llama(settings: dict[str, Any]) -> Side:
    """llama.cpp on the GGUF file, one text after the other: ``{"prompts": [[id, ...], ...], "written": [count, ...]}``.

    Without the adapter, and so with other words: it reads the same prompts and writes as many tokens.
    """
    from llama_cpp import Llama

    model = Llama(
        settings["gguf"], n_ctx=1024, n_batch=512, n_threads=settings["threads"],
        n_threads_batch=settings["threads"], verbose=False,
    )  # fmt: skip

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        counts = []
        for prompt, count in zip(asked["prompts"], asked["written"], strict=True):
            model.reset()
            tokens = model.generate(prompt, top_k=1, temp=0.0, repeat_penalty=1.0)
            counts.append(sum(1 for _ in zip(range(count), tokens, strict=False)))
        return {"written": counts}

    return answer


SIDES: dict[str, Callable[[dict[str, Any]], Side]] = {
    "engine": engine,
    "plain": plain,
    "llama": llama,
}


def _config(settings: dict[str, Any], dtype: str) -> Any:
    from digest.config import SummarizerConfig

    return SummarizerConfig(
        model=settings["model"], adapter=settings["adapter"], dtype=dtype, device="cpu",
        beams=1, samples=settings.get("samples", 0),
    )  # fmt: skip


def _requests(texts: list[list[str]]) -> list[Any]:
    from digest.summarize.batching import request_for

    return [request_for(f"arxiv:{n}", title, text) for n, (title, text) in enumerate(texts)]


def serve(settings: dict[str, Any]) -> None:
    """Answer until the input ends; each answer gets its ``seconds``, those of all cores, ``cpu_seconds``, and the process's ``peak_mib``."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    side = SIDES[settings["side"]](settings)
    for line in sys.stdin:
        asked = json.loads(line)
        start, used = perf_counter(), process_time()
        found = side(asked)
        found["seconds"] = perf_counter() - start
        found["cpu_seconds"] = process_time() - used
        found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    serve(json.loads(sys.argv[1]))
