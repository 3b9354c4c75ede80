"""Which way up a picture is: the one thing of its EXIF that is kept."""

from __future__ import annotations

TAG = 0x0112
UPRIGHT = 1
SHORT, LONGEST = 3, 512


def orientation_of(exif: bytes) -> int:
    """1 to 8 as EXIF has it (TIFF 6.0, tag 274); upright where it is not said, or not legible."""
    order = {b"II*\x00": "little", b"MM\x00*": "big"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    first = _number(exif, 4, 4, order)
    for entry in range(min(_number(exif, first, 2, order), LONGEST)):
        at = first + 2 + 12 * entry
        if _number(exif, at, 2, order) == TAG:
            value = _number(exif, at + 8, 2, order)
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def only_orientation(exif: bytes) -> bytes:
    """An EXIF block that says nothing but the orientation; empty for an upright picture."""
    value = orientation_of(exif)
    if value == UPRIGHT:
        return b""
    entry = b"".join(
        (TAG.to_bytes(2, "big"), SHORT.to_bytes(2, "big"), (1).to_bytes(4, "big"),
         value.to_bytes(2, "big"), b"\x00\x00")
    )  # fmt: skip
    return b"MM\x00*" + (8).to_bytes(4, "big") + b"\x00\x01" + entry + b"\x00" * 4


def _number(data: bytes, at: int, size: int, order: str) -> int:
    return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")
