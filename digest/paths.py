"""Where the files that come with the program lie: in a checkout and in an installed package alike."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent


def templates() -> Path:
    """The folder of Jinja templates."""
    packed = PACKAGE / "_templates"
    return packed if packed.is_dir() else CHECKOUT / "templates"


def default_feeds() -> Path:
    """The feeds.yaml that is shipped."""
    packed = PACKAGE / "_feeds.yaml"
    return packed if packed.is_file() else CHECKOUT / "feeds.yaml"


def sample_week() -> Path:
    """The folder of the embedded sample: feed files, syllabus, feeds.yaml of the demo."""
    return PACKAGE / "demo" / "sample"
