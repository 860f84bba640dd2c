"""Ways out in the settings: what fits together, mistakes with their line, and nothing secret in what leaves the piece."""

import pytest

from installation.base.files import ROOT
from installation.base.secrets import hide, learn, masked, without_secrets
from installation.config.load import ConfigError, parse_config
from installation.config.output import OutputConfig
from installation.config.sends import SendConfig

KEY = "rtmp://live.example.com/app/opensesame-12?bandwidth=1"


def test_as_shipped_nothing_is_sent() -> None:
    assert OutputConfig().sends == []


def test_several_ways_at_once() -> None:
    config = parse_config(
        "output:\n  sends:\n    - {kind: ndi, alpha: true}\n    - {kind: ndi, name: Small, width: 320}\n"
        "    - {kind: camera, address: /dev/video2}\n    - {kind: stream, address: 'srt://127.0.0.1:9000'}\n"
    )
    assert [send.stage for send in config.output.sends] == [
        "send ndi Mien",
        "send ndi Small",
        "send camera Mien",
        "send stream Mien",
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: nid}", "config.yaml:3: output.sends.0.kind: Input should be 'ndi', 'spout'"),
        ("{kind: stream}", "a stream has an address: srt://host:port"),
        ("{kind: stream, address: mien.mp4}", "a stream has an address: srt://host:port"),
        ("{kind: ndi, address: 'srt://a:1'}", "an address is for streams and cameras"),
        ("{kind: camera, alpha: true}", "alpha is for ndi, spout, syphon; this kind has none"),
        ("{name: ''}", "output.sends.0.name"),
        ("{}\n    - {width: 320}", "two sends are called ndi Mien; give each a name"),
    ],
)
def test_what_cannot_be_meant_is_refused(entry: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(f"output:\n  sends:\n    - {entry}\n")
    assert message in str(error.value)


@pytest.mark.parametrize(
    "address", ["srt://h:1", "rtmp://h/app/k", "udp://239.0.0.1:5000", "hls/mien.m3u8", "/srv/a.m3u8"]
)
def test_addresses_of_streams(address: str) -> None:
    assert SendConfig(kind="stream", address=address).address == address


def test_the_key_of_a_stream_is_masked_everywhere() -> None:
    assert masked(KEY) == "rtmp://live.example.com/app/***"
    assert hide(f"{KEY}: refused") == "rtmp://live.example.com/app/*** refused"
    config = OutputConfig(sends=[SendConfig(kind="stream", address=KEY)])
    assert "opensesame" not in str(without_secrets(config.model_dump()))
    learn(config.model_dump())
    assert "opensesame" not in hide("the server said: no stream opensesame-12?bandwidth=1 here")
    assert (
        masked("srt://10.0.0.1:9000?passphrase=opensesame-12&latency=80")
        == "srt://10.0.0.1:9000?passphrase=***&latency=80"
    )
    assert masked("rtmp://live.example.com/app") == "rtmp://live.example.com/app"


def test_the_guide_tells_of_every_setting() -> None:
    guide = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    for name in SendConfig.model_fields:
        assert f"| `{name}` |" in guide, name
    assert "http://ndi.link/ndisdk_license" in guide
    assert "http://ndi.link/ndisdk_license" in (ROOT / "NOTICE.md").read_text(encoding="utf-8")
