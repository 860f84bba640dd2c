"""A browser that opens OSCQuery's port is sent to the operator's page; a program sees no difference."""

import http.client
from collections.abc import Iterator

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.oscquery.server import OscQueryServer, page_for
from tests.ports import free_port

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Port:
    """A server, and where it says the page is."""

    def __init__(self) -> None:
        self.port = free_port()
        config = Config(osc=OscConfig(listen_port=0), oscquery=OscQueryConfig(port=self.port, announce=False))
        notices, values, settings = Notices(ManualClock()), LastValues(), LiveSettings(config)
        receiver = OscReceiver(config.osc, notices, settings, values, RealClock())
        self.desk: tuple[str, int] | None = ("127.0.0.1", 9104)
        self.server = OscQueryServer(config, notices, settings, values, receiver, lambda: self.desk)
        assert self.server.ready.wait(60.0)

    def get(self, path: str, accept: str | None) -> tuple[int, dict[str, str], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path, headers={} if accept is None else {"Accept": accept})
            answer = line.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders() if name != "Date"}
            return answer.status, headers, answer.read()
        finally:
            line.close()


@pytest.fixture(scope="module")
def port() -> Iterator[Port]:
    found = Port()
    yield found
    found.server.close()


def test_a_browser_is_sent_to_the_page(port: Port) -> None:
    status, headers, body = port.get("/", BROWSER)
    assert (status, headers["location"], body) == (302, "http://127.0.0.1:9104/", b"")


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/plain"])
@pytest.mark.parametrize("path", ["/", "/?HOST_INFO", "/mien"])
def test_a_program_sees_no_difference(port: Port, path: str, accept: str | None) -> None:
    there, port.desk = port.desk, None
    without = port.get(path, accept)
    port.desk = there
    assert port.get(path, accept) == without
    assert without[0] == 200
    assert without[1]["content-type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/?HOST_INFO", "/?VALUE", "/mien", "/mien/control/output/glow"])
def test_what_a_browser_asks_the_tree_for_is_answered(port: Port, path: str) -> None:
    assert port.get(path, BROWSER) == port.get(path, None)


def test_without_a_page_the_browser_gets_the_tree(port: Port) -> None:
    there, port.desk = port.desk, None
    assert port.get("/", BROWSER)[0] == 200
    port.desk = there


@pytest.mark.parametrize(
    ("desk", "asked", "remote", "page"),
    [
        (("127.0.0.1", 9104), "localhost:9102", "127.0.0.1", "http://127.0.0.1:9104/"),
        (("127.0.0.1", 9104), "10.0.0.5:9102", "10.0.0.9", None),
        (("0.0.0.0", 9104), "10.0.0.5:9102", "10.0.0.9", "http://10.0.0.5:9104/"),
        (("0.0.0.0", 9104), "mien.local", "10.0.0.9", "http://mien.local:9104/"),
        (("::", 9104), "[fe80::1]:9102", "fe80::2", "http://[fe80::1]:9104/"),
        (("10.0.0.5", 9104), "10.0.0.5:9102", "10.0.0.9", "http://10.0.0.5:9104/"),
        (("0.0.0.0", 9104), "[", "10.0.0.9", None),
        (("0.0.0.0", 9104), "", "10.0.0.9", None),
        (None, "localhost", "127.0.0.1", None),
    ],
)
def test_the_page_is_one_that_this_browser_reaches(
    desk: tuple[str, int] | None, asked: str, remote: str, page: str | None
) -> None:
    assert page_for(desk, asked, remote) == page
