"""Acknowledgments: of the original mode (AA, AE, AR) and the enhanced one (CA, CE, CR as well)."""

from __future__ import annotations

from datetime import datetime

from .charsets import charset_of
from .mapping import CHARSETS, VERSIONS
from .refusal import MEANINGS, MessageRefusedError, Where
from .values import Condition, Header

ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\",
                         "\r": " ", "\n": " "})  # fmt: skip


def answers(
    header: Header, number: str, now: datetime, refused: MessageRefusedError | None = None
) -> list[bytes]:
    """What is sent back: nothing, one acknowledgment or two.

    `number` begins their own MSH-10, unique with us. In the enhanced mode (MSH-15, MSH-16) the
    accept acknowledgment comes first, and after a refusal alone.
    """
    letter = "A" if refused is None else "R" if refused.rejected else "E"
    if not header.enhanced:
        return [_acknowledgment(header, f"A{letter}", number, now, refused)]
    codes = []
    if _wanted(header.accept, refused is None):
        codes.append(f"C{letter}")
    if _wanted(header.application, refused is None) and not (codes and refused):
        codes.append(f"A{letter}")
    return [
        _acknowledgment(header, code, f"{number}{code}", now, refused) for code in codes
    ]  # fmt: skip


def unreadable(block: bytes) -> Header:
    """What can be told of the head of a message that cannot be read, so that it is answered."""
    head = block.lstrip()[:2048].replace(b"\n", b"\r").split(b"\r")[0]
    if head[:3] != b"MSH" or len(head) < 8:
        return Header()
    fields = head.decode("ascii", "replace").split(chr(head[3]))
    fields += [""] * (20 - len(fields))
    plain = ["".join(c for c in each if c.isalnum() or c in "-_. /")[:100] for each in fields]
    charset = charset_of(block)
    return Header(
        sending=(plain[2], plain[3]),
        receiving=(plain[4], plain[5]),
        control_id=plain[9],
        processing_id=plain[10] or "P",
        version=plain[11] if plain[11] in VERSIONS else "2.5",
        charset=charset if charset in CHARSETS else "",
    )


def own_fault() -> MessageRefusedError:
    """The message may be good, and we could not take it over: it should be sent again."""
    says = "it could not be kept, by a fault of ours; send it again later."
    return MessageRefusedError(207, Where("MSH"), says)


def _wanted(condition: Condition, good: bool) -> bool:
    return condition == "AL" or condition == ("SU" if good else "ER")


def _acknowledgment(
    header: Header, code: str, number: str, now: datetime, refused: MessageRefusedError | None
) -> bytes:
    lines = [_head(header, number, now), _msa(header, code, refused)]
    if refused is not None:
        lines.append(_err(refused))
    text = "".join(f"{line}\r" for line in lines)
    return text.encode(CHARSETS.get(header.charset.upper(), "utf-8"), "replace")


def _head(header: Header, number: str, now: datetime) -> str:
    kind = f"ACK^{_safe(header.event)}^ACK" if header.event else "ACK"
    names = [_safe(each) for each in (*header.receiving, *header.sending)]
    at = now.strftime("%Y%m%d%H%M%S%z")
    tail = ["", kind, number, _safe(header.processing_id), header.version or "2.5"]
    charset = ["", "", "", "", "", header.charset] if header.charset else []
    return "|".join(["MSH", "^~\\&", *names, at, *tail, *charset])


def _msa(header: Header, code: str, refused: MessageRefusedError | None) -> str:
    says = _safe(str(refused))[:300] if refused else ""
    return "|".join(["MSA", code, _safe(header.control_id), says]).rstrip("|")


def _err(refused: MessageRefusedError) -> str:
    """ERR-2 where, -3 code, -4 error, -8 in words (HL7 2.5); MSA-3 says it to older ones."""
    at = refused.where
    place = "^".join(str(each or "") for each in (at.segment, at.occurrence, at.field))
    place += f"^1^{at.component}" if at.component else ""
    code = f"{refused.code}^{MEANINGS[refused.code]}^HL70357"
    return f"ERR||{place.rstrip('^')}|{code}|E||||{_safe(refused.says)}"


def _safe(text: str) -> str:
    return "".join(each for each in text.translate(ESCAPES) if each.isprintable())
