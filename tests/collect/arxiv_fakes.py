"""arXiv's OAI-PMH and RSS in small, written for the tests: the shapes are those that the services give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape

from tests.loopback import Answer

OAI_PATH = "/oai"


def oai_record(
    n=1,
    *,
    arxiv_id=None,
    day=11,
    versions=1,
    changed="2021-02-12",
    title=None,
    authors="Ada Example and Bo Muster",
    abstract="An abstract.",
    categories="stat.ML cs.LG",
    kinds=(),
    extra="",
):
    """A record of ``arXivRaw``: version 1 of that day of February 2021 at noon, one more version each day after."""
    full = arxiv_id or f"2102.{n:05d}"
    history = ""
    for number in range(1, versions + 1):
        moment = datetime(2021, 2, day, 12, tzinfo=UTC) + timedelta(days=number - 1)
        kind = f"<source_type>{kinds[number - 1]}</source_type>" if kinds else ""
        history += f"""<version version="v{number}"><date>{format_datetime(moment, usegmt=True)}</date>
        <size>9kb</size>{kind}</version>"""
    return f"""<record><header><identifier>oai:arXiv.org:{full}</identifier><datestamp>{changed}</datestamp>
    <setSpec>stat:stat:ML</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{full}</id>
    <submitter>Ada Example</submitter>{history}<title>{escape(f"Paper {n}" if title is None else title)}</title>
    <authors>{escape(authors)}</authors><categories>{categories}</categories>{extra}
    <license>http://creativecommons.org/licenses/by/4.0/</license><abstract>{escape(abstract)}</abstract>
    </arXivRaw></metadata></record>"""


def oai_deleted(n, changed="2021-02-12"):
    return f"""<record><header status="deleted"><identifier>oai:arXiv.org:2102.{n:05d}</identifier>
    <datestamp>{changed}</datestamp></header></record>"""


def oai(interior):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2021-02-15T08:00:00Z</responseDate>
<request verb="ListRecords">http://oai.example.org/oai</request>{interior}</OAI-PMH>""".encode()


def oai_page(records, token=None):
    """A page of a list: ``token`` None for a list of one page, "" for the last of several."""
    said = ""
    if token is not None:
        said = (
            f"<resumptionToken>{escape(token)}</resumptionToken>" if token else "<resumptionToken/>"
        )
    return oai(f"<ListRecords>{''.join(records)}{said}</ListRecords>")


def oai_error(code, reason="Some reason."):
    return oai(f"<error code='{code}'>{reason}</error>")


def oai_list(records, *, size=2, expires_after=None):
    """A route that pages through ``records`` whatever the set; from the page ``expires_after`` on tokens fail, once."""
    expired = []

    def answer(asked):
        token = asked.query.get("resumptionToken")
        skip = int(parse_qs(unquote(token))["skip"][0]) if token else 0
        if token and expires_after == skip // size and not expired:
            expired.append(token)
            return Answer(oai_error("badResumptionToken"))
        if not records:
            return Answer(oai_error("noRecordsMatch"))
        end = skip + size
        following = quote(urlencode({"verb": "ListRecords", "skip": end}))
        if end >= len(records):
            following = "" if token else None
        return Answer(oai_page(records[skip:end], following))

    return answer


def oai_by_id(records):
    """A route that answers GetRecord; ``records`` by id."""

    def answer(asked):
        record = records.get(asked.query["identifier"].removeprefix("oai:arXiv.org:"))
        if record is None:
            return Answer(oai_error("idDoesNotExist"))
        return Answer(oai(f"<GetRecord>{record}</GetRecord>"))

    return answer


def rss_paper(
    n=1,
    *,
    arxiv_id=None,
    version=1,
    kind="new",
    title=None,
    abstract="An abstract.",
    description=None,
    creator="Ada Example, Bo Muster",
    date="Mon, 15 Feb 2021 00:00:00 -0500",
    extra="",
):
    full = arxiv_id or f"2102.{n:05d}"
    said = f"arXiv:{full}v{version} Announce Type: {kind} \nAbstract: {abstract}"
    return f"""<item><title>{escape(f"Paper {n}" if title is None else title)}</title>
    <link>https://arxiv.org/abs/{full}</link>
    <description>{escape(said if description is None else description)}</description>
    <guid isPermaLink="false">oai:arXiv.org:{full}v{version}</guid>
    <category>stat.ML</category><category>cs.LG</category><pubDate>{date}</pubDate>
    <arxiv:announce_type>{kind}</arxiv:announce_type>
    <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>{extra}<dc:creator>{escape(creator)}</dc:creator>
    </item>"""


def rss_feed(*items, title="cs.LG updates on arXiv.org", description="updates"):
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>{title}</title><link>http://rss.example.org/rss/cs.LG</link><description>{description}</description>
<pubDate>Mon, 15 Feb 2021 00:00:00 -0500</pubDate><skipDays><day>Saturday</day><day>Sunday</day></skipDays>
{"".join(items)}</channel></rss>""".encode()


RSS_ERROR = rss_feed(
    title="Feed error for query: http://rss.example.org/rss/cs.XX",
    description="Bad subject class 'XX'.",
)
