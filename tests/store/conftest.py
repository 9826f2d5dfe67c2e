import pytest

from digest.store import Store


@pytest.fixture
def path(tmp_path):
    return tmp_path / "digest.db"


@pytest.fixture
def store(path):
    with Store(path) as store:
        yield store
