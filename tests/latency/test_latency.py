"""Latency measured with cameras whose delay is known: a drawn one, seen aslant, blurred and with noise; and what cannot be."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.config.osc import OscConfig
from installation.latency import figures
from installation.latency.code import (
    BITS,
    BLOCK_SHARE,
    COLUMNS,
    NUMBERS,
    ROWS,
    CodeReader,
    bright_runs,
    cells_of,
    gray_of,
    number_of,
    patch_box,
)
from installation.latency.figures import Latency, Moments, latencies
from installation.latency.probe import Probe, ProbedSurface, frame_number
from installation.latency.result import figures_of, histograms, table
from installation.latency.virtual_camera import Delay, VirtualCamera
from installation.record.recording import Event
from installation.showcontrol.osc_out.encode import REPEATS
from installation.types import ByteArray, Frame, Observation
from tests.showcontrol.osc_states import bundles_of, send_everything

SCREEN = (640, 360)


def screen(number: int, size: tuple[int, int] = SCREEN) -> ByteArray:
    """The code over a picture of the piece."""
    left, bottom, cell = patch_box(size)
    rgb = np.tile(np.arange(size[0], dtype=np.uint8)[:, None] % 200, (size[1], 1, 3))
    patch = np.kron(cells_of(number), np.ones((cell, cell), np.uint8))
    top = size[1] - bottom - patch.shape[0]
    rgb[top : top + patch.shape[0], left : left + patch.shape[1]] = patch[..., None]
    return rgb


def aslant(rgb: ByteArray) -> ByteArray:
    """As a camera sees a screen: (360, 480, 3), in perspective, darker, soft and with noise."""
    height, width = rgb.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = np.array([(20, 50), (460, 10), (430, 340), (50, 300)], np.float32)
    grey = cv2.warpPerspective(rgb[..., 0], cv2.getPerspectiveTransform(corners, seen), (480, 360), borderValue=30)
    view = cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.float32) * 0.6 + 20
    view += cv2.randn(np.zeros_like(view), 0, 6)
    return np.repeat(np.clip(view, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_numbers_go_through_gray_code_and_change_one_block_at_a_time() -> None:
    assert [number_of(gray_of(number)) for number in range(NUMBERS)] == list(range(NUMBERS))
    for number in (0, 1, 511, NUMBERS - 1):
        changed = (cells_of(number) != cells_of(number + 1)).mean()
        assert changed == pytest.approx(BLOCK_SHARE)


def test_nothing_large_ever_flashes() -> None:
    """One block changes with each picture: a five-hundredth of the screen, where a tenth may flash three times a second."""
    width, height = 1920, 1080
    _, _, cell = patch_box((width, height))
    assert BLOCK_SHARE * COLUMNS * ROWS * cell * cell / (width * height) < 0.005


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1080, 1920)])
def test_the_patch_is_in_the_middle_and_whole(size: tuple[int, int]) -> None:
    left, bottom, cell = patch_box(size)
    assert min(left, bottom) >= 0
    assert abs(2 * left + COLUMNS * cell - size[0]) <= 1
    assert abs(2 * bottom + ROWS * cell - size[1]) <= 1
    assert CodeReader().read(screen(777, size)) == 777


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_code_is_read_aslant_soft_and_noisy(is_mirrored: bool) -> None:
    reader = CodeReader(is_mirrored)
    for number in range(0, NUMBERS, 61):
        view = aslant(screen(number))
        assert reader.read(np.ascontiguousarray(view[:, ::-1]) if is_mirrored else view) == number


def test_a_camera_that_is_moved_finds_it_again_and_nothing_is_no_code() -> None:
    reader = CodeReader()
    assert reader.read(aslant(screen(5))) == 5
    assert reader.read(np.full((480, 640, 3), 128, np.uint8)) is None
    assert reader.read(np.ascontiguousarray(np.roll(aslant(screen(6)), 30, 1))) == 6


def test_what_is_drawn_is_what_is_read() -> None:
    """The surface draws runs of cells; together they are the patch."""

    class Buffer:
        rgb = np.full((360, 640, 3), 77, np.uint8)

        def clear(self, r: float, g: float, b: float, a: float, viewport: tuple[int, int, int, int]) -> None:
            left, bottom, width, height = viewport
            top = 360 - bottom - height
            self.rgb[top : top + height, left : left + width] = round(255 * r)

        def read(self, box: object, components: int) -> bytes:
            return np.dstack([self.rgb[::-1], np.full((360, 640), 255, np.uint8)]).tobytes()

    presented: list[str] = []
    inner = SimpleNamespace(
        framebuffer=Buffer(), size=SCREEN, describe="screen", present=lambda _: presented.append("yes")
    )
    probe, seen = Probe(ManualClock(), False, "/mien"), []
    probe.number = 300
    surface: Any = ProbedSurface(inner, probe, seen.append)
    surface.present(lambda: None)
    probe.close()
    assert (presented, surface.describe, probe.number) == (["yes"], "screen", 301)
    assert CodeReader().read(seen[0]) == 300
    assert (seen[0][0] == 77).all()
    assert sum(count for *_, count in bright_runs(cells_of(300))) == (cells_of(300) > 0).sum()


@dataclass
class World:
    """A screen, a camera in front of it, perception and a receiver; all at known times, on a clock moved by hand."""

    delay_s: float
    screen_hz: float = 60.0
    camera_hz: float = 30.0
    perception_s: float = 0.025
    network_s: float = 0.004
    exposure_s: float = 0.008
    is_aslant: bool = True

    def run(self, seconds: float = 1.4) -> Probe:
        clock = ManualClock(100.0)
        probe, delay = Probe(clock, False, "/mien"), Delay(self.delay_s)
        due: list[tuple[float, int, str, Any]] = []
        pictures = round(seconds * self.screen_hz)
        due += [(100 + n / self.screen_hz, n, "draw", None) for n in range(pictures)]
        due += [(100.003 + n / self.camera_hz, n, "shutter", None) for n in range(round(seconds * self.camera_hz))]
        while due:
            due.sort(key=lambda one: (one[0], one[2]))
            t_s, n, what, value = due.pop(0)
            clock.set(max(t_s, clock.now()))
            if what == "draw":
                delay.put(screen(probe.number, (320, 180)), t_s)
                probe.event(Event("frame", t_s))
                probe.shown()
            elif what == "shutter":
                before, after = delay.at(t_s - self.exposure_s), delay.at(t_s)
                if before is None or after is None:
                    continue
                # What changes during the exposure is grey.
                both = ((before.astype(np.uint16) + after) // 2).astype(np.uint8)
                probe.saw(Frame(t_s, n + 1, aslant(both) if self.is_aslant else both))
                due.append((t_s + self.perception_s, n + 1, "perceived", t_s))
            elif what == "perceived":
                probe.event(Event("observation", t_s, Observation(value, n, (), (640, 480))))
                due.append((t_s + self.network_s, n, "network", None))
            else:
                probe.heard(bundle(n), t_s)
        probe.close()
        return probe


def bundle(seq: int) -> bytes:
    address = b"/mien/frame\0" + b",if\0" + seq.to_bytes(4, "big") + bytes(4)
    return b"#bundle\0" + bytes(7) + b"\1" + len(address).to_bytes(4, "big") + address


@pytest.mark.parametrize(("delay_s", "screen_hz", "camera_hz"), [(0.05, 60, 30), (0.12, 60, 25), (0.3, 25, 50)])
def test_a_known_delay_is_measured_within_a_picture(delay_s: float, screen_hz: float, camera_hz: float) -> None:
    world = World(delay_s, screen_hz, camera_hz)
    found = {one.name: one for one in latencies(world.run().moments)}
    picture_ms = 1000 / screen_hz
    assert all(not one.why for one in found.values())
    # A picture that is seen was shown up to one picture before what the delay alone says.
    for percent in (50, 95):
        assert found["screen_to_capture"].percentile(percent) == pytest.approx(
            delay_s * 1000 + picture_ms / 2, abs=picture_ms
        )
    # Perception, and up to a picture until the next one is drawn.
    assert 25 <= (found["capture_to_screen"].percentile(50) or 0) <= 25 + picture_ms
    whole = found["camera_to_photon"].percentile(50) or 0
    assert whole == pytest.approx(delay_s * 1000 + 25 + picture_ms, abs=picture_ms)
    assert found["capture_to_osc"].percentile(95) == pytest.approx(29, abs=0.5)


def test_a_longer_delay_is_seen_as_longer() -> None:
    """The measurement can tell one picture's difference."""
    mean = []
    for delay_s in (0.1, 0.1 + 1 / 60):
        probe = World(delay_s, camera_hz=29.0, is_aslant=False).run(2.0)
        mean.append(float(np.mean(latencies(probe.moments)[1].values_ms)))
    assert mean[1] - mean[0] == pytest.approx(1000 / 60, abs=3)


def test_a_picture_that_is_seen_twice_counts_once() -> None:
    """A screen of 10 pictures a second before a camera of 50: each is seen five times, and the last time it is old."""
    found = latencies(World(0.1, screen_hz=10.0, camera_hz=50.0, is_aslant=False).run(4.0).moments)
    values = found[1].values_ms
    assert 30 <= len(values) <= 40
    assert 100 <= min(values) <= max(values) <= 125


def test_the_virtual_camera_waits_for_its_shutter_and_is_never_taken_for_hung() -> None:
    delay = Delay(0.0)
    clock = ManualClock(5.0)
    camera = VirtualCamera(delay, clock, (64, 36), per_second=1000.0)
    grey = [camera.read(), camera.read()]
    delay.put(np.full((36, 64, 3), 200, np.uint8), 4.0)
    seen = [camera.read(), camera.read()]
    camera.close()
    assert all(one is not None for one in (*grey, *seen))
    assert (grey[0][20:] == 90).all()
    assert (seen[0][20:] == 200).all()
    assert (seen[0] != seen[1]).any()


def test_a_misread_number_does_not_count() -> None:
    moments = World(0.05, is_aslant=False).run().moments
    good = latencies(moments)[0]
    t_s, seq, _ = moments.seen[36]
    moments.seen[36] = (t_s, seq, moments.shown[5][1])  # shown a second before
    found = latencies(moments)[0]
    assert len(found.values_ms) == len(good.values_ms) - 1
    assert max(found.values_ms) == pytest.approx(max(good.values_ms), abs=40)


def test_what_cannot_be_measured_says_why() -> None:
    def whys(moments: Moments) -> list[str]:
        return [one.why for one in latencies(moments)]

    assert all("simulated performer" in why for why in whys(Moments(has_pictures=False)))
    assert all("no picture came" in why for why in whys(Moments()))
    blind = Moments(seen=[(float(n), n, None) for n in range(30)])
    assert "found in none of 30 pictures; point the camera" in whys(blind)[0]
    assert "perception has not seen" in whys(blind)[2]
    short = World(0.05, is_aslant=False).run(0.5).moments
    assert "only" in whys(short)[0]
    assert "measure for longer" in whys(short)[0]
    deaf = World(0.05, is_aslant=False).run().moments
    deaf.sent.clear()
    assert [bool(why) for why in whys(deaf)] == [False, False, False, True]
    assert "no bundle came back" in whys(deaf)[3]


def test_the_frame_s_number_is_found_in_real_bundles() -> None:
    packets = [packet for one in bundles_of(send_everything) for packet in one.packets()]
    numbers = [number for packet in packets if (number := frame_number(packet, OscConfig().prefix)) is not None]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) >= REPEATS
    assert frame_number(b"/mien/frame\0,i", "/mien") is None
    assert frame_number(packets[0], "/other") is None


def test_table_figures_and_histograms() -> None:
    moments = World(0.05, is_aslant=False).run().moments
    found = (*latencies(moments), Latency("sound", "to the loudspeaker", (), "there is no microphone"))
    text = table(found, moments)
    assert "camera_to_photon" in text
    assert "not measured: there is no microphone" in text
    assert "with somebody there it takes longer" in text
    data = figures_of(found, moments, {"loop_ms": 50})
    assert set(data["camera_to_photon_ms"]) == {"p50", "p95", "min", "max", "count"}
    assert data["sound_ms"] == {"why_not": "there is no microphone"}
    assert data["codes_read"] > 30
    page = histograms(found)
    assert page.shape == (5 * 150 + 40, 960, 3)
    bars = (page == (190, 130, 60)).all(axis=2)
    assert bars[:600].any()
    assert not bars[610:].any()
    assert histograms((Latency("none", "", (), "no"),)).any()
    assert figures.FEWEST <= BITS * 4
