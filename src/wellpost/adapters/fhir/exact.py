"""FHIR's JSON without loss: a decimal keeps every digit it was written with (FHIR R4, 2.24.0.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

_SAFE_DIGITS = 15
"""Digits that an integer has before it might not fit into 64 bits."""

_NUMBER_WITH_DIGITS = re.compile(rb"[\[:,]\s*-?\d+(?:[.eE]|\d{%d})" % _SAFE_DIGITS)


class NotJsonError(ValueError):
    """What is no JSON that a FHIR resource could be written in."""


def read_exact(text: bytes | str) -> Any:
    """The value of a JSON text, with decimals as Decimal; NotJsonError says what is wrong.

    What is nested beyond orjson's 1,024 levels, or holds half a surrogate pair, is no JSON here.
    """
    written = text.encode() if isinstance(text, str) else text
    try:
        value = orjson.loads(written)
        if _NUMBER_WITH_DIGITS.search(written) is None:
            return value
        return json.loads(written, parse_float=Decimal, parse_int=_whole)
    except (ValueError, RecursionError) as fault:
        raise NotJsonError(str(fault)) from None


def write_exact(value: Mapping[str, Any]) -> str:
    """The JSON text of a resource, without needless space; Decimals with the digits they have.

    NotJsonError for what JSON cannot say, and for more than 254 levels.
    """
    try:
        return orjson.dumps(value, default=_written).decode()
    except (TypeError, ValueError) as fault:
        raise NotJsonError(str(fault)) from None


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _SAFE_DIGITS else Decimal(digits)


def _written(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} is nothing that JSON can hold")
