"""Stories -> a score from named parts, and the selection for the issue. Pure; the same for the same stories.

    score = community                                                          (community.py)
          + spread + substance + authority + recency + standing                (parts.py)
          + interest + avoid                                                   (profile.py)
          + course                                                             (course.py)
          + importance                                                         (importance.py)
          + novelty                                                            (novelty.py)
          + liked                                                              (interest_model.py)

Every part says in words why, so that a reader can see why a story is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.config import Interests
from digest.embeddings import Embeddings
from digest.rank import parts
from digest.rank.choose import choose
from digest.rank.community import community
from digest.rank.course import Course, Lecture
from digest.rank.importance import Importance, shipped
from digest.rank.novelty import novelty
from digest.rank.profile import Profile
from digest.rank.story_words import StoryWords, content
from digest.rank.topic_vectors import topic_vectors
from digest.topics import topics_of
from digest.types import Ranked, ScorePart, Story
from digest.week import Week

__all__ = ["choose", "rank"]


def rank(
    stories: Sequence[Story],
    *,
    interests: Interests,
    lectures: Sequence[Lecture],
    week: Week,
    starts: Mapping[str, datetime] | None = None,
    liked: Mapping[str, ScorePart] | None = None,
    embeddings: Embeddings | None = None,
    importance: Importance | None = None,
) -> tuple[Ranked, ...]:
    """Every story with its score, best first, ties in the order of their keys.

    ``starts`` names sources whose news begins before the week, since they are being caught up with. ``liked`` gives by
    story key what the reader's ratings say of it, as ``feedback.taste`` finds it; without ratings there is no such part.
    Without ``embeddings`` the importance of a paper is judged by its words. ``importance`` is what a benchmark trained itself.
    """
    liked = liked or {}
    weighty = (importance or shipped()).parts(stories, embeddings)
    all_words = [StoryWords.of(story) for story in stories]
    profile = Profile(interests)
    course = Course(lectures, all_words)
    ranked = [
        _ranked(
            story,
            words,
            profile,
            course,
            near=topics_near,
            given=(
                parts.recency(story, week, starts),
                weight,
                *filter(None, (liked.get(story.key),)),
            ),
        )
        for story, words, weight, topics_near in zip(
            stories, all_words, weighty, _near_topics(stories, embeddings), strict=True
        )
    ]
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.story.key)))


def _near_topics(
    stories: Sequence[Story], embeddings: Embeddings | None
) -> Sequence[Mapping[str, float]]:
    """For each story, what the vector of its lead says of its topics."""
    if embeddings is None or not stories:
        return [{}] * len(stories)
    return topic_vectors().near(embeddings.rows([s.lead.id for s in stories]))


def _ranked(
    story: Story,
    words: StoryWords,
    profile: Profile,
    course: Course[Lecture],
    *,
    near: Mapping[str, float],
    given: Sequence[ScorePart],
) -> Ranked:
    categories = dict.fromkeys(c for item in story.items for c in item.categories)
    titles = " . ".join(item.title for item in story.items)
    topics = topics_of(titles, content(story.lead), tuple(categories), near)
    found = (
        community(story),
        parts.spread(story),
        profile.interest(story, words, topics),
        profile.avoided(words),
        course.part(words, topics),
        parts.substance(story),
        parts.authority(story),
        parts.standing(story),
        novelty(story),
        *given,
    )
    score = round(sum(part.value for part in found), 6)
    return Ranked(story=story, score=score, parts=found, topics=topics)
