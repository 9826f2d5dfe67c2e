"""Every error the program raises on purpose.

    DigestError                    one-line message + .hint (what to do next)
    +- ConfigError                 exit 2
    +- CollectError(source)        isolated: one source's death leaves the others alone
    |  +- FetchError               the bytes did not come (status, retryable)
    |  +- ParseError               the bytes came, but no entry could be read from them
    +- SummarizeError              isolated: that item falls back to extraction
    |  +- BackendUnavailable       the whole back end cannot run: the stage falls back and says so
    +- StoreError                  fatal, exit 1
    +- RenderError                 fatal, exit 1
    +- DeliverError(channel)       isolated: the issue is made, the channel failed
    +- LockHeld                    another run holds the lock, exit 75
    +- NothingToDigest             no item at all to make an issue from, exit 1
    +- MissingDependency           an optional package is absent; names what to install

All of them pickle (they cross process borders in the cluster back end), which is why every one keeps its
arguments in ``args`` and takes them positionally or by keyword alike.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DigestError(Exception):
    """One line for a person: what happened and where; ``hint`` says what to do next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by state, since keyword-only arguments are lost by ``Exception``'s own way."""
        return _rebuild, (type(self), self.__dict__.copy())


def _rebuild(cls: type[DigestError], state: dict[str, Any]) -> DigestError:
    error = cls.__new__(cls, state["message"])
    error.__dict__.update(state)
    error.args = (state["message"],)
    return error


class ConfigError(DigestError):
    """feeds.yaml, syllabus.yaml or an argument is wrong; nothing has been written."""

    exit_code = 2


class CollectError(DigestError):
    """A source could not be collected; the other sources go on."""

    def __init__(self, source: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.source = source


class FetchError(CollectError):
    """The bytes did not come. ``status`` is the HTTP status, None where there was no answer."""

    def __init__(
        self,
        source: str,
        message: str,
        *,
        status: int | None = None,
        retryable: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(source, message, hint=hint)
        self.status = status
        self.retryable = retryable


class ParseError(CollectError):
    """The bytes came, but nothing in them could be read as an entry."""


class SummarizeError(DigestError):
    """One item could not be summarized; the extractive fallback takes its place."""


class BackendUnavailable(SummarizeError):
    """The configured summarizer cannot run at all (no weights, no torch, no server)."""


class StoreError(DigestError):
    """The database cannot be opened, read or written."""


class RenderError(DigestError):
    """An output file cannot be made or written."""


class DeliverError(DigestError):
    """A channel refused the issue; the issue itself is made."""

    def __init__(self, channel: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.channel = channel


class LockHeld(DigestError):
    """Another run works on the same database."""

    exit_code = 75


class NothingToDigest(DigestError):
    """There is no item of the week to make an issue from."""


class MissingDependency(DigestError, ImportError):
    """An optional package is not installed; the message names the command that installs it."""
