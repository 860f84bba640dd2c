"""A browser without a window: it loads a page of the desk, opens its WebSocket, and says what a test wants it to say."""

import json
import re
import socket
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect

WAIT_S = 45.0
PAGE_ID = re.compile(r"client_id['\"]?: ?['\"]([0-9a-f-]{36})")
_ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.S)
_SIGNS = {"&lt;": "<", "&gt;": ">", "&#96;": "`", "&#36;": "$", "&amp;": "&"}


class PlainBrowser:
    """One page at ``place`` ("http://127.0.0.1:9104"). ``headers`` go with everything; ``wire`` gives a connected socket."""

    def __init__(
        self,
        place: str,
        path: str = "/",
        headers: dict[str, str] | None = None,
        wire: Callable[[], socket.socket] | None = None,
        client_id: str = "",
    ) -> None:
        self._place, self._headers, self._wire = place, headers or {}, wire
        self._open = ExitStack()
        self.heard: list[bytes] = []
        """What came over the WebSocket."""
        self.elements: dict[int, dict[str, Any]] = {}
        self.next_message_id = 0
        """One more than that of the newest message, which a browser acknowledges."""
        self.page = self.get(path).decode()
        self.client_id = client_id or PAGE_ID.findall(self.page)[0]
        found = _ELEMENTS.findall(self.page)
        if found:
            self._take(json.loads(_plain(found[0])))
        self.socket = self._connect()

    def get(self, path: str) -> bytes:
        """What is answered, by HTTP 1.0 on a connection of its own."""
        if self._wire is None:
            asked = urllib.request.Request(self._place + path, headers=self._headers)
            with urllib.request.urlopen(asked, timeout=WAIT_S) as answer:
                data: bytes = answer.read()
            return data
        lines = [f"GET {path} HTTP/1.0", f"Host: {self._place.removeprefix('http://')}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        with self._wire() as wire:
            wire.settimeout(WAIT_S)
            wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            whole = b""
            while part := wire.recv(65536):
                whole += part
        return whole.partition(b"\r\n\r\n")[2]

    def _connect(self) -> ClientConnection:
        asked = {
            "EIO": 4,
            "transport": "websocket",
            "client_id": self.client_id,
            "next_message_id": 0,
            "implicit_handshake": "true",
            "tab_id": str(uuid.uuid4()),
            "document_id": str(uuid.uuid4()),
        }
        opening = connect(
            f"{self._place.replace('http', 'ws', 1)}/_nicegui_ws/socket.io/?{urlencode(asked)}",
            sock=None if self._wire is None else self._wire(),
            compression=None,
            origin=self._place,
            additional_headers=self._headers,
            open_timeout=WAIT_S,
            # No browser does; and one that reads nothing on purpose would be told, in a traceback, that nobody answers.
            ping_interval=None,
            close_timeout=1,
        )
        found = self._open.enter_context(opening)
        found.recv(WAIT_S)
        found.send("40")
        answer = str(found.recv(WAIT_S))
        if not answer.startswith("40"):
            self._open.close()
            raise ConnectionRefusedError(answer)
        return found

    def say(self, name: str, **message: Any) -> None:
        """A message to NiceGUI, of this page unless it says of which."""
        self.socket.send("42" + json.dumps([name, {"client_id": self.client_id, **message}]))

    def event(self, element: int, listener: str, *args: Any) -> None:
        """An event of an element, as if somebody had touched it."""
        self.say("event", id=element, listener_id=listener, args=[json.dumps(arg) for arg in args])

    def listen(self, seconds: float) -> None:
        """Take in what comes until it is quiet for so long, ten times as long at most."""
        until_s = time.monotonic() + 10 * seconds
        while time.monotonic() < until_s:
            try:
                text = str(self.socket.recv(seconds))
            except TimeoutError:
                return
            self.heard.append(text.encode())
            if text == "2":
                self.socket.send("3")
            elif text.startswith("42["):
                self._hear(*json.loads(text[2:])[:2])

    def listeners(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """(element, type of the event, what the page knows of the listener) of all elements."""
        for number, element in list(self.elements.items()):
            for one in element.get("events", ()):
                yield number, str(one.get("type", one.get("name", ""))), one

    def close(self) -> None:
        """Leave."""
        self._open.close()

    def _hear(self, name: str, message: Any = None) -> None:
        if isinstance(message, dict):
            self.next_message_id = int(message.get("_id", self.next_message_id - 1)) + 1
            if name == "update":
                self._take(message)

    def _take(self, elements: dict[str, Any]) -> None:
        for number, element in elements.items():
            if number.isdigit() and isinstance(element, dict):
                self.elements[int(number)] = element
            elif element is None:
                self.elements.pop(int(number), None)


def _plain(text: str) -> str:
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return text
