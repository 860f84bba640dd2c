"""Who may speak."""

import pytest
from pydantic import ValidationError

from installation.config.osc import OscConfig
from installation.config.oscquery import PRIVATE_NETWORKS
from installation.showcontrol.osc_in.allowed import Allowed


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("192.168.255.255", True),
        ("8.8.8.8", False),
        ("192.0.2.2", False),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("2001:db8::1", False),
        ("::ffff:192.168.0.7", True),
        ("::ffff:8.8.8.8", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_as_shipped_private_networks_may(host: str, expected: bool) -> None:
    assert Allowed(PRIVATE_NETWORKS).has(host) is expected


def test_one_machine_and_nobody() -> None:
    assert Allowed(["192.168.1.20"]).has("192.168.1.20")
    assert not Allowed(["192.168.1.20"]).has("192.168.1.21")
    assert not Allowed([]).has("127.0.0.1")


@pytest.mark.parametrize("wrong", ["", "here", "192.168.1.0/33", "192.168.1.7/24", "300.1.1.1"])
def test_what_is_no_network_is_told(wrong: str) -> None:
    with pytest.raises(ValidationError, match="a network is written"):
        OscConfig(allow=[wrong])
