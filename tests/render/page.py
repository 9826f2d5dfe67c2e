"""What tests ask of rendered HTML, by a parser and not by searching for strings."""

import re

from lxml import html


def parse(data):
    return html.document_fromstring(data.decode())


def hrefs(tree):
    return [str(url) for url in tree.xpath("//@href")]


def text_of(tree, path="//body"):
    return " ".join(" ".join(node.text_content() for node in tree.xpath(path)).split())


def active_content(tree):
    """Everything by which a page could run a script or load something from elsewhere."""
    elements = [e for e in tree.iter() if not _is_own_chart(e)]
    found = [e.tag for e in elements if e.tag in FORBIDDEN_TAGS]
    for element in elements:
        for name, value in element.attrib.items():
            plain = "".join(c for c in value if c > " ").lower()
            if name.lower().startswith("on") or name.lower() in (
                "srcdoc",
                "formaction",
                "xlink:href",
                "src",
                "srcset",
            ):
                found.append(f"{element.tag}@{name}")
            if name.lower() == "href" and plain.startswith(
                ("javascript:", "data:", "vbscript:", "file:", "blob:", "//")
            ):
                found.append(f"{element.tag}@href={value}")
            if name.lower() == "style" and (
                "url(" in plain or "expression(" in plain or "@import" in plain
            ):
                found.append(f"{element.tag}@style={value}")
            if name.lower() == "http-equiv" and plain == "refresh":
                found.append("meta refresh")
    return found


def _is_own_chart(element):
    """The picture of a result, which lies beside the mail and travels in it, or of a figure that lies beside the page."""
    is_beside = re.fullmatch(r"result-\d+\.png|figure-[0-9a-f]{16}\.png", str(element.get("src")))
    return element.tag == "img" and is_beside and set(element.attrib) <= OF_A_CHART


OF_A_CHART = {"class", "src", "width", "height", "alt", "style"}
FORBIDDEN_TAGS = {
    "script", "iframe", "object", "embed", "form", "base", "img", "image", "video", "audio", "input", "button",
    "textarea", "marquee", "math", "foreignobject", "animate", "set", "use", "frameset", "template", "noscript",
}  # fmt: skip
