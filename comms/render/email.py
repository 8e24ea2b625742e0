"""A message as a mail draft: it opens as one, with text and HTML, a subject and no recipients."""

from __future__ import annotations

from hashlib import sha256

from comms.document import Message
from comms.languages import _
from comms.render import html, text


def render(message: Message, to: str = "") -> bytes:
    """The bytes of an .eml file; the same for the same message, so the part boundary comes from its text.

    ``to`` is one address, checked before; without it the draft has no recipients.
    """
    from email import policy
    from email.message import EmailMessage

    plain, page = text.render(message), html.render(message)
    mail = EmailMessage(policy=policy.SMTP)
    mail["X-Unsent"] = "1"
    held = _("NIET VERZENDEN")
    if to:
        mail["To"] = to
    mail["Subject"] = f"{held} – {message.title}" if message.banner else message.title
    mail.set_content(plain, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # set before, it would move into the first part
    mail.set_boundary("comms-" + sha256(page.encode()).hexdigest()[:32])
    return mail.as_bytes()
