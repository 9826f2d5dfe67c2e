"""The picture of a figure: bounded, of a harmless type, the same bytes each time, unaltered where it must be."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from digest.collect.figure_file import MAX_FILE_BYTES, WIDTH, fetch_picture, ready
from digest.errors import CollectError, FetchError, ParseError
from tests.loopback import Answer


def drawing(kind="PNG", size=(1600, 400), mode="RGB"):
    image = Image.new(mode, size, "white" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(image).line((0, 0, *size), fill="black" if mode != "P" else 1, width=5)
    packed = io.BytesIO()
    image.save(packed, kind, comment="made by us") if kind == "GIF" else image.save(packed, kind)
    return packed.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "png"), ("GIF", "png")]
)
def test_a_picture_is_scaled_to_the_column(kind, suffix):
    picture = ready(drawing(kind), "arXiv", may_alter=True)
    assert (suffix, WIDTH, WIDTH // 4) == (picture.suffix, picture.width, picture.height)
    assert (picture.width, picture.height) == opened(picture).size


def test_a_small_one_is_not_blown_up():
    assert 300 == ready(drawing(size=(300, 100)), "arXiv", may_alter=True).width


def test_the_same_file_gives_the_same_bytes_and_name():
    one, other = (ready(drawing(), "arXiv", may_alter=True) for _ in range(2))
    assert (one, one.name) == (other, other.name)
    assert one.name != ready(drawing(size=(1600, 401)), "arXiv", may_alter=True).name


def test_what_is_transparent_stands_on_white():
    picture = ready(drawing(size=(200, 100), mode="RGBA"), "arXiv", may_alter=True)
    assert (255, 255, 255) == opened(picture).getpixel((150, 5))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_may_not_be_altered_stays_byte_for_byte(kind):
    content = drawing(kind)
    picture = ready(content, "arXiv", may_alter=False)
    assert (content, 1600) == (picture.content, picture.width)


def test_what_may_not_be_altered_and_is_large_is_not_shown():
    import random

    noise = Image.frombytes("RGB", (900, 900), random.Random(0).randbytes(900 * 900 * 3))
    packed = io.BytesIO()
    noise.save(packed, "PNG")
    with pytest.raises(ParseError, match="too large"):
        ready(packed.getvalue(), "arXiv", may_alter=False)
    assert 900 == ready(packed.getvalue(), "arXiv", may_alter=True).width


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>not a picture</html>",
        drawing()[:300],
        drawing("BMP"),
        drawing("TIFF"),
        drawing(size=(20, 20)),
        drawing(size=(9000, 9000), mode="1"),
    ],
)
@pytest.mark.parametrize("may_alter", [True, False])
def test_what_is_no_safe_picture_is_refused_in_one_line(content, may_alter):
    with pytest.raises(ParseError) as caught:
        ready(content, "arXiv", may_alter=may_alter)
    assert "\n" not in str(caught.value)


def test_a_picture_is_fetched_from_its_server(site, http):
    site.routes["/x1.png"] = Answer(drawing(), headers={"Content-Type": "text/plain"})
    assert WIDTH == fetch_picture(f"{site.url}/x1.png", http.session("arXiv"), may_alter=True).width


@pytest.mark.parametrize(
    "answer", [Answer(b"", 404), Answer(b"\0" * (MAX_FILE_BYTES + 1)), Answer(b"", 302, {"Location": "file:///etc/passwd"})]
)  # fmt: skip
def test_what_cannot_be_fetched_is_an_error_of_the_source(site, http, answer):
    site.routes["/x1.png"] = answer
    with pytest.raises(CollectError):
        fetch_picture(f"{site.url}/x1.png", http.session("arXiv"), may_alter=True)
    assert issubclass(FetchError, CollectError)
