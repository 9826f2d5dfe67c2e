"""The view model can be stored: JSON and back loses nothing."""

import pytest

from digest.issue import from_json, to_json
from tests.render.sample_issue import minimal_issue, sample_issue


@pytest.mark.parametrize("issue", [sample_issue(), minimal_issue()], ids=["rich", "minimal"])
def test_to_json_and_from_json_are_exact_inverses(issue):
    data = to_json(issue)

    assert issue == from_json(data)
    assert data == to_json(from_json(data))
