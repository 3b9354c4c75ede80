"""From bytes to text, by the character set that the message itself names."""

from __future__ import annotations

from .mapping import CHARSETS
from .refusal import MessageRefusedError, Where, of_length

CHARSET = Where("MSH", 18)


def decoded(block: bytes) -> str:
    """The message's text, its segments ended by carriage returns as the standard wants.

    MessageRefusedError when it names no set that is known, or holds what is not of it.
    """
    name = charset_of(block)
    if name not in CHARSETS:
        raise MessageRefusedError(
            103,
            CHARSET,
            f"character set {of_length(name, 20)} is not read; send UNICODE UTF-8, ASCII or "
            "8859/1 to 8859/15.",
        )
    try:
        text = block.decode(CHARSETS[name])
    except UnicodeDecodeError as fault:
        raise MessageRefusedError(102, CHARSET, _not_of(name, fault.start)) from None
    if "\x00" in text:
        raise MessageRefusedError(102, CHARSET, "there is a byte 0 in it, which is no text.")
    return text.replace("\r\n", "\r").replace("\n", "\r")


def charset_of(block: bytes) -> str:
    """MSH-18 as written, its first repetition; the head is read as ASCII, of which all sets are."""
    head = block.lstrip()[:4096].replace(b"\n", b"\r").split(b"\r")[0].decode("ascii", "replace")
    if len(head) < 9:
        return ""
    fields, repetition = head.split(head[3]), head[5]
    return fields[17].split(repetition)[0].strip().upper() if len(fields) > 17 else ""


def _not_of(name: str, byte: int) -> str:
    if name:
        return f"byte {byte:,} is none of {name}; say in MSH-18 in which set the message is."
    return f"byte {byte:,} is not UTF-8, and MSH-18 is empty; say there in which set it is."
