"""The error tree: hints are shown, exit codes are right, and every error survives a process border."""

import pickle

import pytest

from digest import errors
from digest.errors import ConfigError, DigestError, FetchError, LockHeld, NothingToDigest

SAMPLES = [
    DigestError("broken", hint="mend it"),
    ConfigError("feeds.yaml: titel: unknown key"),
    errors.CollectError("arXiv", "no"),
    FetchError("arXiv", "HTTP 429", status=429, retryable=True, hint="wait"),
    errors.ParseError("arXiv", "no entry"),
    errors.SummarizeError("out of memory"),
    errors.BackendUnavailable("no weights"),
    errors.StoreError("locked"),
    errors.RenderError("full disk"),
    errors.DeliverError("smtp", "refused"),
    LockHeld("busy"),
    NothingToDigest("no items"),
    errors.MissingDependency("torch is not installed"),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda e: type(e).__name__)
def test_an_error_survives_pickling_with_all_its_fields(error):
    copy = pickle.loads(pickle.dumps(error))

    assert (type(error), str(error), error.__dict__) == (type(copy), str(copy), copy.__dict__)


def test_every_error_of_the_module_is_in_the_samples_and_in_the_drawing():
    classes = {
        c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, DigestError)
    }

    assert classes == {type(e) for e in SAMPLES}
    assert set() == {c.__name__ for c in classes if c.__name__ not in errors.__doc__}


def test_the_hint_is_shown_behind_the_message():
    assert "broken (mend it)" == str(SAMPLES[0])


def test_exit_codes():
    assert (1, 2, 75, 1) == (
        DigestError.exit_code,
        ConfigError.exit_code,
        LockHeld.exit_code,
        NothingToDigest.exit_code,
    )
