"""The back end that asks a model behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, ``transformers serve``.

One request a text (POST {server}/chat/completions), several under way at once, at temperature 0 and with a fixed seed. What
a server does wrong with one text is that text's error. The whole back end is given up only before the first summary: where
nothing answers, or where the server says what it would say to every text (a wrong key, an unknown model).
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, ConfigError, FetchError, SummarizeError
from digest.net import Http
from digest.pace import is_inside
from digest.summarize.chat import is_ended, plain, question, sentence_of
from digest.transfer import Response
from digest.types import Summary, SummaryRequest, SummarySentence

log = logging.getLogger(__name__)

KEY = "DIGEST_SUMMARIZER_KEY"
MAX_ANSWER_BYTES = 1 << 20
PROBE_S = 20.0  #: for the list of models, about which no server has to think
SEED = 0
MAX_TOKENS = 256  #: where the configuration does not say; chat models end by themselves, and small ones talk on
SOURCE = "the summarizer"  #: what the log calls it
#: Statuses whose body says what is wrong; the others say all with their number.
TELLING = frozenset({301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 413, 422})
#: Of these, what any other text would hear as well.
SAID_TO_ALL = TELLING - {400, 413, 422}
_FOLDER = re.compile(r"[/~.\\]|[A-Za-z]:[/\\]")
INSTEAD = "or set `summarizer: {backend: extractive}`"


class RemoteSummarizer:
    """One sentence a text, written by the server's model. ``prompt_version`` "1": see ``chat.question``."""

    prompt_version = "1"

    def __init__(
        self, config: SummarizerConfig, *, sleep: Callable[[float], object] | None = None
    ) -> None:
        """No call is made before the first text. ``sleep`` waits between tries; it is there for tests."""
        if config.server is None:
            raise ConfigError("summarizer: backend: remote needs server: http://HOST:PORT/v1")
        self._config = config
        self._server = config.server
        self._sleep = sleep
        # Where a server takes a folder for a name, readers of the issue are not told of the folders of this machine.
        name = re.split(r"[/\\]", config.model)[-1] if _FOLDER.match(config.model) else config.model
        self.model_id = f"remote:{name}@{urlsplit(config.server).netloc}"
        # Enough to keep all requests of a batch busy, and few enough that a killed run loses little.
        self.batch_size = max(config.batch_size, 2 * config.concurrency)
        self.reads_threads = True
        is_set = "max_new_tokens" in config.model_fields_set
        self._max_tokens = config.max_new_tokens if is_set else MAX_TOKENS
        self.parameters = (
            f"model={config.model} max_new_tokens={self._max_tokens} temperature=0 seed={SEED}"
        )
        self._served: tuple[str, ...] = ()  #: the models that the server names
        self._has_answered = False  #: it has answered a text, be it with an error
        self._has_summarized = False
        self._is_down = False
        self._key: dict[str, str] = {}  #: the header with it

    def summarize(self, batch: Sequence[SummaryRequest]) -> Sequence[Summary | SummarizeError]:
        """See the protocol."""
        return [outcome for _, outcomes in self.summarize_stream([batch]) for outcome in outcomes]

    def summarize_stream(
        self, batches: Sequence[Sequence[SummaryRequest]]
    ) -> Generator[tuple[int, Sequence[Summary | SummarizeError]]]:
        """See the protocol. The batches come in their order; the server always has ``concurrency`` requests."""
        self._key = _key_header(self._server)
        http = self._http(self._config.timeout_s, self._config.retries)
        pool = ThreadPoolExecutor(self._config.concurrency, thread_name_prefix="summarize")
        try:
            if not self._has_answered and (silence := self._silence()) is not None:
                raise BackendUnavailable(
                    f"no model server: {silence}",
                    hint=f"start it, check `summarizer: {{server: {self._server}}}`, {INSTEAD}",
                )
            outcomes = self._in_order(pool, http, batches)
            for i, batch in enumerate(batches):
                yield i, list(islice(outcomes, len(batch)))
        finally:
            http.close()  # first: a run that is stopped does not wait for answers that nobody wants any more
            pool.shutdown(cancel_futures=True)

    def _in_order(
        self, pool: ThreadPoolExecutor, http: Http, batches: Sequence[Sequence[SummaryRequest]]
    ) -> Iterator[Summary | SummarizeError]:
        """The outcomes in the order of the requests. Others overtake a slow one, but not without bound."""
        under_way: deque[Future[Summary | SummarizeError]] = deque()
        silent = 0  #: requests in a row that nothing answered

        def take() -> Summary | SummarizeError:
            nonlocal silent
            outcome = under_way.popleft().result()
            self._has_summarized |= isinstance(outcome, Summary)
            if isinstance(outcome, _SaidToAll) and not self._has_summarized:
                raise BackendUnavailable(outcome.message, hint=self._hint(outcome))
            silent = silent + 1 if isinstance(outcome, _Unanswered) else 0
            if silent and not self._is_down and silent % (2 * self._config.concurrency) == 0:
                self._judge_silence(outcome)
            return outcome

        for batch in batches:
            if self._is_down:
                self._is_down = self._silence() is not None
            for request in batch:
                under_way.append(pool.submit(self._outcome, http, request))
                if len(under_way) == 4 * self._config.concurrency:
                    yield take()
        while under_way:
            yield take()

    def _judge_silence(self, last: Summary | SummarizeError) -> None:
        """Many requests in a row have got no answer: BackendUnavailable where none ever did.

        Of a server that has died, all texts that are left fail at once, until it is back at the beginning of a batch.
        """
        if not self._has_answered:
            raise BackendUnavailable(
                f"the model server answers no text: {last}",
                hint=f"see its log, raise `summarizer: {{timeout_s: ...}}`, {INSTEAD}",
            )
        self._is_down = self._silence() is not None

    def _silence(self) -> str | None:
        """Why the server does not answer; None where it does, whatever it says. Learns what models it has."""
        with self._http(PROBE_S, min(1, self._config.retries)) as http:
            try:
                answer = http.session(SOURCE).send(
                    "GET", f"{self._server}/models", headers=self._key, passed=range(300, 600)
                )
            except FetchError as e:
                return None if e.status is not None else e.message
        try:
            models = json.loads(answer.content)["data"]
            self._served = tuple(str(m["id"])[:80] for m in models)
        except (ValueError, TypeError, LookupError, RecursionError):
            pass  # it need not have such a list
        return None

    # -- one text ----------------------------------------------------------------------------------------------------

    def _outcome(self, http: Http, request: SummaryRequest) -> Summary | SummarizeError:
        """The summary, or what went wrong with it; raises nothing that a server can cause."""
        if self._is_down:
            return _Unanswered("the model server no longer answers")
        body = json.dumps(
            {
                "model": self._config.model,
                "messages": [{"role": "user", "content": question(request)}],
                "max_tokens": self._max_tokens,
                "temperature": 0,
                "seed": SEED,
                "stream": False,
            }
        )
        try:
            answer = http.session(SOURCE).send(
                "POST",
                f"{self._server}/chat/completions",
                headers=self._key | {"Content-Type": "application/json"},
                body=body.encode(),
                passed=TELLING,
            )
        except FetchError as e:
            if e.status is None or e.status == 200:  # 200: it began to answer, and did not end
                return _Unanswered(e.message)
            self._has_answered = True
            return SummarizeError(e.message)
        self._has_answered = True
        try:
            sentence = read(answer, self._max_tokens)
        except SummarizeError as e:
            return e
        return Summary(
            item_id=request.item_id,
            sentences=(SummarySentence(text=sentence, origin="model"),),
            model_id=self.model_id,
            prompt_version=self.prompt_version,
        )

    def _http(self, deadline_s: float, retries: int) -> Http:
        place = urlsplit(self._server)
        return Http(
            # of the user's own choosing, and meant to be kept busy: no pause between calls
            pace_s={place.netloc.rpartition("@")[2]: 0, place.hostname or "": 0},
            deadline_s=deadline_s,
            read_timeout_s=deadline_s,  # a model thinks before it says its first byte
            max_bytes=MAX_ANSWER_BYTES,
            retries=retries,
            sleep=self._sleep,
        )

    def _hint(self, error: _SaidToAll) -> str:
        if error.status in (401, 403):
            return f"put the server's key into the environment variable {KEY}, {INSTEAD}"
        names = ", ".join(self._served[:8])
        has = f"the server has: {names}; " if names else ""
        return f"{has}check model and server under `summarizer:`, {INSTEAD}"


def _key_header(server: str) -> dict[str, str]:
    key = os.environ.get(KEY, "").strip()
    if not key:
        return {}
    if not key.isascii() or not key.isprintable():
        raise BackendUnavailable(f"{KEY} holds characters that no key has", hint=INSTEAD[3:])
    place = urlsplit(server)
    if place.scheme == "http" and not is_inside(place.hostname or ""):
        log.warning("the key of %s travels unencrypted; use https://", place.netloc)
    return {"Authorization": f"Bearer {key}"}


class _Unanswered(SummarizeError):
    """Nobody answered, or not to the end."""


class _SaidToAll(SummarizeError):
    """The server says of one text what it would say of every other."""

    status = 0


def read(answer: Response, max_new_tokens: int) -> str:
    """The summary in a server's answer, one sentence; SummarizeError where there is none."""
    if answer.status in TELLING:
        said = _complaint(answer)
        message = f"the model server says HTTP {answer.status}" + (f": {said}" if said else "")
        if answer.status not in SAID_TO_ALL:
            raise SummarizeError(message)
        error = _SaidToAll(message)
        error.status = answer.status
        raise error
    data = _json(answer)
    choices = data.get("choices") if isinstance(data, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        said = _complaint(answer)
        raise SummarizeError(
            "the model server gave no answer to the text" + (f": {said}" if said else "")
        )
    reply = choice.get("message")
    content = reply.get("content") if isinstance(reply, dict) else None
    is_cut = choice.get("finish_reason") == "length"
    sentence = sentence_of(content) if isinstance(content, str) else ""
    if is_cut and not is_ended(sentence):
        raise SummarizeError(
            f"the model's answer was cut off at {max_new_tokens} tokens",
            hint="raise `summarizer: {max_new_tokens: ...}`; a model that thinks first needs thousands",
        )
    if not sentence:
        raise SummarizeError("the model server gave an empty answer")
    return sentence


def _json(answer: Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as e:
        begins = plain(answer.content[:60].decode("utf-8", "replace"))
        raise SummarizeError(
            f"the model server's answer is no JSON; it begins with {begins!r}"
        ) from e


def _complaint(answer: Response) -> str:
    """What a server says is wrong, in one line; "" where it says nothing readable."""
    if place := answer.headers.get("location"):
        return f"it redirects to {place[:120]}"
    try:
        data = json.loads(answer.content)
        said = data.get("error") or data.get("detail") or data.get("message") or ""
    except (ValueError, AttributeError, RecursionError):
        return ""
    return plain(str(said.get("message", "") if isinstance(said, dict) else said))[:200]
