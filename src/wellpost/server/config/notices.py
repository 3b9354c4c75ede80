"""By which ways notices go out: email and browsers; text messages where a gateway is named."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from wellpost.errors import RequestError

FIELDS = "to=to,from=from,text=text"
_CARRIERS = "wellpost.server.notices.carriers"
_HERE = {"localhost", "127.0.0.1", "::1"}

NOTICE_CARRIERS = {
    "email": f"{_CARRIERS}.EmailCarrier",
    "sms": f"{_CARRIERS}.SmsCarrier",
    "push": "wellpost.server.notices.push.carrier.PushCarrier",
}


def sms_gateway() -> dict[str, str]:
    """What WELLPOST_SMS and its neighbours say; RequestError for what cannot be."""
    gateway = {
        "address": os.environ.get("WELLPOST_SMS", ""),
        "secret": os.environ.get("WELLPOST_SMS_SECRET", ""),
        "sender": os.environ.get("WELLPOST_SMS_FROM", ""),
        "format": os.environ.get("WELLPOST_SMS_FORMAT", "") or "json",
        "fields": os.environ.get("WELLPOST_SMS_FIELDS", "") or FIELDS,
    }
    _check(gateway)
    return gateway


def _check(gateway: dict[str, str]) -> None:
    parts = urlsplit(gateway["address"])
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if gateway["address"] and not (safe and parts.hostname):
        raise RequestError("WELLPOST_SMS must be the gateway's address, beginning with https://.")
    if gateway["format"] not in {"json", "form"}:
        raise RequestError("WELLPOST_SMS_FORMAT is json or form: how the gateway wants its fields.")
    named = {each.partition("=")[0] for each in gateway["fields"].split(",") if "=" in each}
    if not {"to", "text"} <= named:
        raise RequestError(
            f"WELLPOST_SMS_FIELDS must name the gateway's fields, like {FIELDS}; at least to and "
            "text."
        )


SMS_GATEWAY = sms_gateway()
