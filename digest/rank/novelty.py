"""What a story is beside those that past issues have told."""

from __future__ import annotations

from digest.types import ScorePart, Story

#: News of a story that readers know is a little more welcome than a stranger's; what brings none is not ranked at all.
CONTINUATION = 0.2


def novelty(story: Story) -> ScorePart:
    """A little for news of a story that was told, with the issue that told it."""
    if story.follows is None:
        return ScorePart(name="novelty", value=0.0)
    reason = f"goes on with a story of issue {story.follows.issue_number}"
    return ScorePart(name="novelty", value=CONTINUATION, reason=reason)
