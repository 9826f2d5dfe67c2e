"""What a person at the terminal sees of a run: a bar per stage on a TTY, plain lines elsewhere. All on stderr."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text


class Terminal:
    """A ``report.Watch`` over rich: bars only where stderr is a terminal; when quiet, only what went wrong."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description:<15}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=is_quiet or not self._console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=total)

    def advance(self, done: int, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def line(self, text: str, *, is_bad: bool = False) -> None:
        if self._is_quiet and not is_bad:
            return  # cron mails what is printed: only what went wrong
        mark = ("✗ ", "red") if is_bad else ("✓ ", "green")
        # in one call: between two, the bar would be drawn into the line
        self._progress.console.print(Text.assemble(mark, text), soft_wrap=True)
