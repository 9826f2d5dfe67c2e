"""An issue as one mail: ``digest.eml`` for the file, and the same mail addressed to one reader.

The mail is multipart/alternative (plain text, then HTML), quoted-printable, and a pure function of its arguments: no
clock, no random boundary. Everything that comes from a source reaches a header through ``_one_line`` only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from email import errors, message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import quote

from digest.config import Delivery
from digest.errors import ConfigError
from digest.issue import Issue

#: Longer subjects are cut by every mail program anyway; 78 is also one unfolded header line.
MAX_SUBJECT_CHARS = 78

#: Stands in From while no sender is configured; such a mail can be looked at, but ``send`` refuses it.
PLACEHOLDER_SENDER = "digest@localhost"


#: Strict, since a lenient parser mails "a@b.org, c@d.org" to the first only, and "a@b org" to a stranger.
ONE_ADDRESS = re.compile(
    r"(?:(?P<name>[^<>@]*)<)?(?P<local>[^\s<>@,;:]+)@(?P<domain>[^\s<>@,;:]+)(?(name)>)"
)


class DigestPolicy(policy.EmailPolicy):
    """``email``'s policy, except that headers made of URLs and ids are never broken up.

    ``EmailPolicy`` turns a List-Unsubscribe URL beyond the line length into encoded-words, which RFC 2369 does not
    allow there and mail programs ignore. Raising the length for all headers would overlong the Subject's encoded-words.
    """

    def fold(self, name: str, value: str) -> str:
        folded: str = super(DigestPolicy, self._for(name)).fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        folded: bytes = super(DigestPolicy, self._for(name)).fold_binary(name, value)
        return folded

    def _for(self, name: str) -> DigestPolicy:
        is_unbreakable = name.lower().startswith("list-") or name.lower() == "message-id"
        return self.clone(max_line_length=998) if is_unbreakable else self


#: 76 and not 78, since RFC 2045 allows no more in a quoted-printable line. Headers that were read from a file are
#: written as they were.
POLICY = DigestPolicy(linesep="\r\n", max_line_length=76, refold_source="none")


def build_message(
    issue: Issue,
    html: bytes,
    text: bytes,
    delivery: Delivery,
    *,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The mail of the issue with CRLF line ends, addressed to nobody yet; it opens as a draft (X-Unsent).

    ``html`` and ``text`` are UTF-8 and arrive byte for byte, given that they end in a newline; only the names of
    ``pictures`` (PNG files beside ``html``) that ``html`` shows become addresses within the mail, which carries them.
    ConfigError where ``delivery`` names an address or URL that cannot stand in a header.
    """
    sender = parse_address(delivery.sender or PLACEHOLDER_SENDER, "delivery.from")
    name = _one_line(sender.display_name or issue.title)
    identity = hashlib.sha256(f"{issue.title}\0{issue.week}\0{sender.addr_spec}".encode())
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(name, addr_spec=sender.addr_spec)
    mail["To"] = "undisclosed-recipients:;"
    mail["Subject"] = subject_of(issue)
    mail["Date"] = issue.created
    mail["Message-ID"] = (
        f"<{issue.week.lower()}.{identity.hexdigest()[:16]}@{_ascii_domain(sender)}>"
    )
    mail["List-Id"] = _list_id(issue.title, _ascii_domain(sender))
    if unsubscribe := _unsubscribe(delivery, sender):
        mail["List-Unsubscribe"] = unsubscribe
        if unsubscribe.startswith("<https:"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    if issue.site_url:
        mail["List-Archive"] = f"<{_header_url(issue.site_url)}>"
    mail["Precedence"] = "bulk"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    mail["X-Unsent"] = "1"
    mail.set_content(text.decode(), cte="quoted-printable")
    page, shown = _with_addresses(html.decode(), pictures or {})
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    *_, html_part = mail.iter_parts()
    assert isinstance(html_part, EmailMessage)
    for name, address in shown.items():
        html_part.add_related((pictures or {})[name], "image", "png", cid=f"<{address}>", filename=name, disposition="inline")  # fmt: skip
    for part in mail.walk():
        if part is not mail:
            del part["MIME-Version"]  # belongs to the whole mail only
    # "=_" cannot occur in quoted-printable text or base64, so the boundaries are safe whatever the parts say.
    if shown:
        html_part.set_boundary(f"=_r{identity.hexdigest()[:31]}")
    mail.set_boundary(f"=_{identity.hexdigest()[:32]}")
    return mail.as_bytes()


def _with_addresses(html: str, pictures: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
    """The page with ``cid:`` for the names of the pictures it shows (RFC 2392), and the address of each."""
    shown = {}
    for name, content in pictures.items():
        address = f"{hashlib.sha256(content).hexdigest()[:16]}.{name}@digest"
        if f'src="{name}"' in html:
            shown[name] = address
            html = html.replace(f'src="{name}"', f'src="cid:{address}"')
    return html, shown


def address_to(message: bytes, recipient: str) -> EmailMessage:
    """The same mail to one reader; ``as_bytes()`` is what goes over the wire.

    The Message-ID is one's own and always the same for this issue and reader, so that a second copy, should a reader
    ask for it, is recognized as one. ConfigError where ``recipient`` is no address.
    """
    to = parse_address(recipient, "delivery.recipients")
    mail = message_from_bytes(message, policy=POLICY)
    assert isinstance(mail, EmailMessage)
    local, _, domain = str(mail["Message-ID"] or "<digest@localhost>").strip("<>").rpartition("@")
    reader = hashlib.sha256(to.addr_spec.lower().encode()).hexdigest()[:12]
    del mail["X-Unsent"]
    _replace(mail, "To", Address(_one_line(to.display_name), addr_spec=to.addr_spec))
    _replace(mail, "Message-ID", f"<{local}.{reader}@{domain}>")
    return mail


def sender_of(message: bytes) -> str:
    """The bare address in From; "" where there is none."""
    _, addr_spec = parseaddr(str(message_from_bytes(message, policy=POLICY)["From"] or ""))
    return addr_spec


def is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ConfigError:
        return False
    return True


def parse_address(text: str, where: str = "delivery.recipients") -> Address:
    """The one address in ``text``, its domain in ASCII; ConfigError naming the key path ``where``."""
    match = ONE_ADDRESS.fullmatch(text.strip())
    name, local, domain = match.group("name", "local", "domain") if match else ("", "", "")
    try:
        # Letters beyond ASCII before the @ need SMTPUTF8 all the way, which few servers have.
        local.encode("ascii")
        addr_spec = f"{local}@{domain.encode('idna').decode()}"
        return Address(_one_line((name or "").strip().strip('"')), addr_spec=addr_spec)
    except (ValueError, IndexError, errors.MessageError) as e:
        raise ConfigError(
            f"{where}: {text!r} is not one mail address in ASCII",
            hint="write it like 'Ada <ada@example.org>'",
        ) from e


def subject_of(issue: Issue) -> str:
    """One line such as "Deep Learning News no. 3: computer vision, ..." with theme and main story, cut between words."""
    from digest.render.tex import to_unicode  # its package loads every renderer; sending needs none

    news = [issue.theme, *(to_unicode(s.title) for s in issue.stories[:1])]
    subject = f"{issue.title} no. {issue.number}: {', '.join(n for n in news if n)}"
    subject = _one_line(subject).removesuffix(":")
    if len(subject) <= MAX_SUBJECT_CHARS:
        return subject
    return subject[:MAX_SUBJECT_CHARS].rsplit(" ", 1)[0].rstrip(" ,:;-–—") + " …"


def _one_line(text: str) -> str:
    """Without line ends, control, direction and other invisible characters: nothing can add or disguise a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _replace(mail: EmailMessage, name: str, value: str | Address) -> None:
    if name in mail:
        mail.replace_header(name, value)  # keeps its place
    else:
        mail[name] = value


def _ascii_domain(address: Address) -> str:
    return str(address.domain).lower()


def _list_id(title: str, domain: str) -> str:
    """``Title <title.example.org>`` (RFC 2919), in ASCII, as programs filter by it."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", ascii_title)
    return f"{' '.join(words)} <{'-'.join(words).lower() or 'digest'}.{domain}>".strip()


def _unsubscribe(delivery: Delivery, sender: Address) -> str:
    """The value of List-Unsubscribe; "" while there is no sender to write to."""
    if delivery.sender is None:
        return ""
    by_mail = f"<mailto:{_header_url(sender.addr_spec)}?subject=unsubscribe>"
    if not delivery.unsubscribe:
        return by_mail
    url = f"<{_header_url(delivery.unsubscribe)}>"
    return f"{url}, {by_mail}" if delivery.unsubscribe.startswith("https:") else url


def _header_url(url: str) -> str:
    """Percent-encoded where a character could end the URL or the header."""
    return quote(url, safe=":/?#[]@!$&'()*+;=%~")
