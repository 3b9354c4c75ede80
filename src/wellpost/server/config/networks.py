"""What the environment says of networks: WELLPOST_ADMIN_NETWORKS."""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network

from wellpost.errors import RequestError

Network = IPv4Network | IPv6Network


def admin_networks() -> tuple[Network, ...]:
    """What the environment says; none: administration is open from everywhere."""
    given = os.environ.get("WELLPOST_ADMIN_NETWORKS", "").split(",")
    return tuple(_network(each.strip()) for each in given if each.strip())


def _network(written: str) -> Network:
    try:
        return ip_network(written)
    except ValueError as wrong:
        raise RequestError(
            f"WELLPOST_ADMIN_NETWORKS: {wrong}. Write networks like 10.20.0.0/16, with commas "
            "between."
        ) from None
