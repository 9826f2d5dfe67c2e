"""The back end that spreads the batches over processes of a Ray cluster, each with a whole back end of its own.

The driver hands a batch to each worker that is free, and alone sees outcomes and writes the cache. A worker that dies or
breaks is replaced, and its batch is asked for again as it was. A cluster is a place, not a model: it goes by the names of the
back end that its workers run, so what one wrote the other finds in the cache.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any, Self

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, SummarizeError
from digest.summarize.protocol import Summarizer
from digest.types import Summary, SummaryRequest

log = logging.getLogger(__name__)

TRIES = 3  #: workers that a batch may cost
START_S = 300.0  #: to wait for the first worker; one that imports torch from a network's disk takes a minute
OBJECT_STORE_BYTES = (
    80 << 20
)  #: Ray's least; texts are small, and a third of the memory would be set aside otherwise
#: Raylet and agent find each other within 15 s or the start fails; on two busy cores they took longer.
AGENT_START_MS = 60_000
#: Ray takes 127.0.0.1 for "find out the address of the network"; on Linux the rest of 127/8 is the loopback as well,
#: elsewhere Ray keeps to the loopback by itself.
LOOPBACK = "127.0.0.2" if sys.platform == "linux" else None
LONGEST_FOLDER = 36  #: characters; the paths of sockets, 65 longer, end at 104
INSTEAD = "or set `summarizer: {backend: local}`"

Outcomes = Sequence[Summary | SummarizeError]


class Worker:
    """What runs in each process of the cluster."""

    def __init__(self, back_end: type[Any], config: SummarizerConfig) -> None:
        self._summarizer: Summarizer = back_end(config)

    def identity(self) -> tuple[str, str, str]:
        """What must be the same everywhere: see ``_identity``."""
        return _identity(self._summarizer)

    def summarize(self, batch: Sequence[SummaryRequest]) -> Outcomes | BackendUnavailable:
        """The outcomes; what a back end raises on purpose is returned, which keeps its class and its hint."""
        try:
            return self._summarizer.summarize(batch)
        except BackendUnavailable as e:
            return e


class ClusterSummarizer:
    """What ``over`` says, by ``workers`` processes at once."""

    def __init__(self, config: SummarizerConfig) -> None:
        """Starts nothing. BackendUnavailable where ray, or what ``over`` needs, is missing on this machine."""
        from digest.summarize import make_summarizer  # which imports this module on demand

        if importlib.util.find_spec("ray") is None:
            raise BackendUnavailable(
                "the package 'ray' is not installed",
                hint=f"pip install ml-digest[cluster], {INSTEAD}",
            )
        self._config = config
        self._inner_config = config.model_copy(update={"backend": config.over})
        # Not asked here for any text: it tells its names, and that the weights are there.
        self._inner = make_summarizer(self._inner_config)
        self.model_id, self.prompt_version, self.parameters = _identity(self._inner)
        self.batch_size = self._inner.batch_size
        self.reads_threads = self._inner.reads_threads

    def summarize(self, batch: Sequence[SummaryRequest]) -> Outcomes:
        """See the protocol."""
        return [outcome for _, outcomes in self.summarize_stream([batch]) for outcome in outcomes]

    def summarize_stream(
        self, batches: Sequence[Sequence[SummaryRequest]]
    ) -> Generator[tuple[int, Outcomes]]:
        """See the protocol. Ray is up only while this runs, unless the caller had started it."""
        if not batches:
            return
        with _Ray(self._config) as cluster:
            workers = _Workers(cluster, self._inner, self._inner_config, len(batches))
            try:
                yield from _Run(workers, batches).outcomes()
            finally:
                workers.close()


class _Run:
    """One stream of batches through the workers."""

    def __init__(self, workers: _Workers, batches: Sequence[Sequence[SummaryRequest]]) -> None:
        self._workers = workers
        self._batches = batches
        self._waiting = deque(range(len(batches)))
        self._tries = [0] * len(batches)
        self._is_good = False  #: a batch has been done
        self._held: list[tuple[int, Outcomes]] = []  #: failed, while none has been done

    def outcomes(self) -> Generator[tuple[int, Outcomes]]:
        left = len(self._batches)
        while left:
            while self._waiting and self._workers.has_free:
                i = self._waiting.popleft()
                self._workers.start(i, self._batches[i])
            if (next_answer := self._workers.next_answer()) is None:
                continue
            i, answer = next_answer
            done = self._failed(i, answer) if isinstance(answer, Exception) else [(i, answer)]
            if not isinstance(answer, Exception):
                self._is_good = True
                done += self._held
                self._held = []
            left -= len(done)
            yield from done

    def _failed(self, i: int, error: Exception) -> list[tuple[int, Outcomes]]:
        """What is thereby decided: nothing where the batch gets another try.

        A text that kills its process must not cost the others their model, and a model that runs nowhere must not make
        an error of every text: BackendUnavailable where two batches in all, or all there are, failed and none was done.
        """
        self._tries[i] += 1
        if self._tries[i] < TRIES:
            log.warning("a worker of the cluster failed: %s; its texts go to another", _line(error))
            self._waiting.appendleft(i)
            return []
        why = f"{TRIES} workers of the cluster failed on the text's batch: {_line(error)}"
        outcome: tuple[int, Outcomes] = (i, [SummarizeError(why) for _ in self._batches[i]])
        if self._is_good:
            return [outcome]
        self._held.append(outcome)
        if len(self._held) == min(2, len(self._batches)):
            hint = getattr(error, "hint", "") or f"see the log, {INSTEAD}"
            raise BackendUnavailable(f"the cluster's workers fail: {_line(error)}", hint=hint)
        return []


class _Workers:
    """The actors. Each first tells its identity, and only then gets texts: one that the cluster has no room for gets none."""

    def __init__(
        self, cluster: _Ray, inner: Summarizer, config: SummarizerConfig, batch_count: int
    ) -> None:
        import ray

        self._ray = ray
        self._identity = _identity(inner)
        count = min(config.workers, batch_count)
        self._class = ray.remote(Worker).options(**cluster.share(count))
        self._args = (type(inner), config)
        self._free: list[Any] = []
        self._starting: dict[Any, Any] = {}  #: reference to the identity -> actor
        self._busy: dict[Any, tuple[Any, int]] = {}  #: reference to the outcomes -> actor, batch
        self._lost = 0  #: in a row, before they had their first text
        for _ in range(count):
            self._add()

    @property
    def has_free(self) -> bool:
        return bool(self._free)

    def start(self, i: int, batch: Sequence[SummaryRequest]) -> None:
        """Hand batch ``i`` to a free worker."""
        actor = self._free.pop()
        self._busy[actor.summarize.remote(list(batch))] = actor, i

    def next_answer(self) -> tuple[int, Outcomes | Exception] | None:
        """The next batch that is done, or that a worker failed on; None where a worker has become free instead."""
        while True:
            references = [*self._busy, *self._starting]
            timeout = None if self._busy else START_S
            ready, _ = self._ray.wait(references, num_returns=1, timeout=timeout)
            if not ready:
                raise BackendUnavailable(
                    f"the cluster started no worker within {START_S:.0f} s",
                    hint=f"see whether it has free CPUs, {INSTEAD}",
                )
            (reference,) = ready
            if reference in self._starting:
                self._started(reference)
                return None
            actor, i = self._busy.pop(reference)
            answer = self._answer(reference)
            if isinstance(answer, Exception):
                self._drop(actor)
                self._add()
            else:
                self._free.append(actor)
            return i, answer

    def close(self) -> None:
        """End all workers, and what they are at."""
        for actor in (*self._free, *self._starting.values(), *(a for a, _ in self._busy.values())):
            self._drop(actor)

    def _add(self) -> None:
        actor = self._class.remote(*self._args)
        self._starting[actor.identity.remote()] = actor

    def _started(self, reference: Any) -> None:
        actor = self._starting.pop(reference)
        identity = self._answer(reference)
        if isinstance(identity, Exception):
            self._drop(actor)
            self._lost += 1
            if self._lost == TRIES:
                hint = getattr(identity, "hint", "") or f"see the log, {INSTEAD}"
                raise BackendUnavailable(
                    f"the cluster's workers do not start: {_line(identity)}", hint=hint
                )
            self._add()
            return
        if identity != self._identity:
            raise BackendUnavailable(
                f"a worker of the cluster would write as {' '.join(identity)}, this machine as {' '.join(self._identity)}",
                hint=f"put the same version, weights and adapter on all machines, {INSTEAD}",
            )
        self._lost = 0
        self._free.append(actor)

    def _answer(self, reference: Any) -> Any:
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as e:
            return e.cause if isinstance(e.cause, Exception) else e
        except self._ray.exceptions.RayError as e:
            return e

    def _drop(self, actor: Any) -> None:
        with suppress(self._ray.exceptions.RayError, ValueError):  # it may be dead
            self._ray.kill(actor)


class _Ray:
    """Ray, joined or started for the time of the context."""

    def __init__(self, config: SummarizerConfig) -> None:
        self._config = config
        self._is_ours = False
        self._is_local = config.address == "local"
        self._folder: str | None = None

    def __enter__(self) -> Self:
        _set_environment(is_local=self._is_local)
        import ray

        if ray.is_initialized():
            return self
        self._is_ours = True
        for is_last in (False, True) if self._is_local else (True,):
            try:
                ray.init(
                    include_dashboard=False if self._is_local else None,
                    log_to_driver=False,
                    logging_level=logging.CRITICAL,
                    **self._settings(),
                )
                break
            except Exception as e:  # Ray raises whatever there is, down to Exception itself
                _reap(_node_in(e))
                self._stop()
                if (
                    not is_last
                ):  # a busy machine may not do it within Ray's 30 s; its files lie in memory now
                    log.warning("Ray did not start: %s; once more", _line(e))
                    continue
                where = "here" if self._is_local else f"at {self._config.address}"
                raise BackendUnavailable(
                    f"no Ray cluster {where}: {_line(e)}",
                    hint=f"check `summarizer: {{address: ...}}`, {INSTEAD}",
                ) from e
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def share(self, workers: int) -> dict[str, float]:
        """What of the cluster one of so many workers gets; Ray starts as many threads in it as it gets CPUs."""
        import ray

        total = ray.cluster_resources()
        cpus = max(1, int(total.get("CPU", 1)) // workers) if self._is_local else 1
        gpus = 0.0 if self._config.device in ("cpu", "mps") else total.get("GPU", 0.0)
        return {"num_cpus": cpus, "num_gpus": 1.0 if gpus >= workers else gpus / workers}

    def _settings(self) -> dict[str, Any]:
        """Of Ray here: only for this user and this machine, on the loopback, in a folder that nobody else may read."""
        if not self._is_local:
            return {"address": self._config.address}
        parent = tempfile.gettempdir()
        if len(parent) <= LONGEST_FOLDER - 14:
            self._folder = tempfile.mkdtemp(prefix="ray-")
        settings: dict[str, Any] = {
            "address": "local",
            "num_cpus": max(self._config.workers, os.cpu_count() or 1),
            "object_store_memory": OBJECT_STORE_BYTES,
            "_system_config": {"agent_register_timeout_ms": AGENT_START_MS},
        }
        if LOOPBACK:
            settings["_node_ip_address"] = LOOPBACK
        if self._folder:
            settings["_temp_dir"] = self._folder
        return settings

    def _stop(self) -> None:
        if not self._is_ours:
            return
        import ray

        # Ray has no public name for its own record of the processes it started
        node = getattr(ray._private.worker, "_global_node", None)  # noqa: SLF001
        ray.shutdown()
        if self._is_local:
            _reap(node)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _node_in(error: Exception) -> Any:
    """Ray's own record of the processes that it had started when it gave up, and which it would leave running; or None."""
    frame = error.__traceback__
    while frame is not None:
        owner = frame.tb_frame.f_locals.get("self")
        if hasattr(owner, "kill_all_processes"):
            return owner
        frame = frame.tb_next
    return None


def _reap(node: Any) -> None:
    """End what is left of a node's processes, and wait for each: ``ray.shutdown`` leaves them to the system."""
    if node is None:
        return
    processes = [i.process for infos in node.all_processes.values() for i in infos]
    with suppress(Exception):  # an end in disorder is no reason to lose summaries
        node.kill_all_processes(check_alive=False, allow_graceful=False)
    for process in processes:
        with suppress(OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait(10)


def _set_environment(*, is_local: bool) -> None:
    """Before ray is imported: it reads some of it then. What the user has set stays."""
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # the future default; without it Ray warns
    }
    if (
        is_local and "ray" not in sys.modules
    ):  # imported already, it would ask for the token and not send it
        settings |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def _identity(summarizer: Summarizer) -> tuple[str, str, str]:
    return summarizer.model_id, summarizer.prompt_version, summarizer.parameters


def _line(error: BaseException) -> str:
    """The first line of what is wrong, without its hint."""
    text = getattr(error, "message", "") or str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
