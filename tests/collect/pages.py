"""Web pages and PDFs as small as they can be, written for the tests."""

from __future__ import annotations

import io

PARAGRAPH = (
    "We present a method that does something rather useful, and we show on three data sets of moderate size that it"
    " does so at a fraction of the usual cost."
)
SECOND = "In the end we thank everyone who has helped in the making of this work, and hope that others will build on it."


def page(
    *parts, title="A post about things", head="", paragraphs=(PARAGRAPH, SECOND), related=True
):
    """A post between the menu, the related posts, the comments and the footer of a blog."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    more = """<section class="related"><h3>Related posts</h3><ul><li><a href="/p/2">Another post</a></li>
    <li><a href="/p/3">A third post</a></li></ul></section><div id="comments"><p>A comment: nice!</p></div>"""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | A blog</title>{head}
    <script>var x = "<p>no text</p>";</script><style>p {{}}</style></head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About</a></li></ul></nav></header>
    <main><article><h1>{title}</h1>{"".join(parts)}{body}</article>{more if related else ""}</main>
    <footer><p>Copyright of the blog. <a href="/privacy">Privacy</a></p></footer></body></html>"""


def pdf(*pages, title="", author=""):
    """A PDF with one line of text after the other on each page."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for lines in pages:
        blank = writer.add_blank_page(width=600, height=800)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        font = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        fonts = DictionaryObject({NameObject("/F1"): font})
        blank[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 10 Tf 40 780 Td\n{shown}ET".encode("latin-1"))
        blank[NameObject("/Contents")] = writer._add_object(stream)
    if title or author:
        writer.add_metadata({"/Title": title, "/Author": author})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
