"""A bad network between a wall's leader and its followers: messages are lost, held up and overtaken by others.

It stands on two ports of its own and knows ZeroMQ only, nothing of what the messages say.
"""

from __future__ import annotations

import heapq
import threading
import time
from typing import Any

import numpy as np
import zmq

Parts = list[bytes]


class BadNetwork:
    """Between followers at ``port`` (and the next one) and the leader at ``leader_port`` (and the next one), on this machine.

    Each message is lost with the chance ``loss`` [0, 1], or arrives after ``delay_s`` and up to ``jitter_s`` more or less,
    drawn evenly: so one that is quick overtakes one that is slow. ``is_cut``: nothing passes at all.
    """

    def __init__(
        self, port: int, leader_port: int, loss: float, jitter_s: float, delay_s: float = 0.0, seed: int = 1
    ) -> None:
        self.port, self.leader_port = port, leader_port
        self._loss, self._low_s = loss, max(delay_s - jitter_s, 0.0)
        self._spread_s = delay_s + jitter_s - self._low_s
        self._rng = np.random.default_rng(seed)
        self.is_cut = False
        self.passed = self.lost = self.overtaken = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bad network", daemon=True)

    def __enter__(self) -> BadNetwork:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        context = zmq.Context()
        try:
            self._carry(context)
        finally:
            context.destroy(linger=0)

    def _carry(self, context: Any) -> None:
        here, there = "tcp://127.0.0.1:", "tcp://127.0.0.1:"
        states_in, states_out = context.socket(zmq.SUB), context.socket(zmq.PUB)
        states_in.connect(f"{there}{self.leader_port}")
        states_in.subscribe(b"")
        states_out.bind(f"{here}{self.port}")
        asked = context.socket(zmq.ROUTER)
        asked.bind(f"{here}{self.port + 1}")
        asks: dict[bytes, Any] = {}
        waiting: list[tuple[float, int, Any, Parts]] = []
        count = last = 0
        poller = zmq.Poller()
        poller.register(states_in, zmq.POLLIN)
        poller.register(asked, zmq.POLLIN)
        try:
            while not self._stop.is_set():
                ready = dict(poller.poll(2))
                found: list[tuple[Any, Parts]] = []
                if states_in in ready:
                    found.append((states_out, states_in.recv_multipart()))
                if asked in ready:
                    identity, *parts = asked.recv_multipart()
                    if identity not in asks:
                        asks[identity] = context.socket(zmq.DEALER)
                        asks[identity].connect(f"{there}{self.leader_port + 1}")
                        poller.register(asks[identity], zmq.POLLIN)
                    found.append((asks[identity], parts))
                for identity, socket in asks.items():
                    if socket in ready:
                        found.append((asked, [identity, *socket.recv_multipart()]))
                now_s = time.monotonic()
                for to, parts in found:
                    if self.is_cut or self._rng.random() < self._loss:
                        self.lost += 1
                        continue
                    count += 1
                    heapq.heappush(
                        waiting, (now_s + self._low_s + self._spread_s * self._rng.random(), count, to, parts)
                    )
                while waiting and waiting[0][0] <= time.monotonic():
                    _, number, to, parts = heapq.heappop(waiting)
                    self.overtaken += number < last
                    last = max(last, number)
                    self.passed += 1
                    to.send_multipart(parts)
        finally:
            for socket in (states_in, states_out, asked, *asks.values()):
                socket.close(linger=0)
