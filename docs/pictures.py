"""Make the pictures of the README from a finished issue: ``python docs/pictures.py [OUT/2021/w06]``.

Needs Chromium (``chromium`` on the PATH, or the variable CHROMIUM) and Pillow. Each picture is reduced to a palette and
stays under 150 kB.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.chromium import Chromium, find_chromium

PICTURES = Path(__file__).resolve().parent / "img"
MAX_BYTES = 150_000
COLORS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    name: str
    file: str
    width: int
    height: int
    fragment: str = ""
    scheme: str = "light"
    scale: float = 1.0
    scroll_to: str = ""  #: a CSS selector; the picture starts there


WANTED = (
    Picture(name="mail", file="email.html", width=600, height=1150),
    Picture(name="page", file="index.html", width=1000, height=1450),
    Picture(name="slide-story", file="slides.html", width=1280, height=720, fragment="#/3", scale=0.75),
    Picture(name="slide-discussion", file="slides.html", width=1280, height=720, fragment="#/9", scale=0.75),
)  # fmt: skip


def take(browser: Chromium, folder: Path, picture: Picture) -> bytes:
    """The picture as PNG, straight from the browser."""
    browser.view(
        width=picture.width, height=picture.height, scheme=picture.scheme, scale=picture.scale
    )
    browser.open(folder / picture.file, picture.fragment)
    if picture.scroll_to:
        browser.evaluate(f"document.querySelector({picture.scroll_to!r}).scrollIntoView()")
    # Two frames, so that what the page draws by script is there.
    browser.evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")
    return browser.screenshot()


def small(png: bytes) -> bytes:
    """The same picture with a palette, with ever fewer colours until it is small enough."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colors in (COLORS, 64, 32):
        buffer = io.BytesIO()
        image.quantize(colors, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() < MAX_BYTES:
            break
    return buffer.getvalue()


def main(arguments: list[str]) -> int:
    """0, or 2 with one line on what is missing."""
    folder = Path(arguments[0] if arguments else "OUT/2021/w06")
    program = find_chromium(os.environ)
    if program is None:
        print("error: Chromium is not installed; on Debian: apt install chromium", file=sys.stderr)
        return 2
    if not (folder / "index.html").is_file():
        print(f"error: {folder} has no issue; make one with `make demo`", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    with Chromium(program) as browser:
        for picture in WANTED:
            content = small(take(browser, folder, picture))
            path = PICTURES / f"{picture.name}.png"
            path.write_bytes(content)
            print(f"{path} ({len(content) / 1000:.0f} kB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
