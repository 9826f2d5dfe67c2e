"""What became of each source's items, in one sentence."""

from digest.issue import Coverage, SourceCoverage
from digest.render.accounts import by_source


def coverage(*rows):
    listed = tuple(
        SourceCoverage(name=name, collected=n, full=full, brief=brief, left_out=n - full - brief)
        for name, n, full, brief in rows
    )
    return Coverage(items=0, stories=0, full=0, brief=0, left_out=0, by_source=listed)


def test_every_source_is_told_with_what_is_shown_of_it():
    told = by_source(coverage(("arXiv", 2438, 2, 3), ("A blog", 1, 0, 1), ("The Batch", 2, 0, 0)))

    assert (
        "By source: arXiv 2,438 items (2 in full, 3 in one line), A blog 1 item (1 in one line), "
        "The Batch 2 items (none shown)."
    ) == told


def test_of_many_sources_the_small_ones_are_told_together():
    told = by_source(coverage(*((f"Source {n}", 40 - n, 0, n % 2) for n in range(30))))

    assert told.endswith(
        "Source 7 33 items (1 in one line), 22 more sources 473 items (11 in one line)."
    )


def test_nothing_is_told_where_nothing_is_known():
    assert "" == by_source(coverage())
