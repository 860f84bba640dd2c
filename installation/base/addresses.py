"""Which addresses are this machine's own."""

from __future__ import annotations

import ipaddress


def is_here(peer: str) -> bool:
    """Whether an IP address is a loopback, also an IPv4 one in IPv6's clothes; False for anything else."""
    try:
        return ipaddress.ip_address(peer.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False
