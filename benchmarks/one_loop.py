"""What one would write instead of Mien: everything in one loop, one picture after the other. ``baseline.py`` measures it.

    .venv/bin/python benchmarks/one_loop.py FILM [--seconds 20] [--report FILE]

OpenCV takes the film as a camera gives it: at its own rate, and what is over when the loop comes back is lost. Then pose,
face and expression by the piece's own models, OSC at once, a texture every 0.2 s, and a ray-marched sphere that wears it.
The time from capture to OSC counts from when the camera had the picture, as the piece's report counts it, not from when the
loop came to fetch it; ``of_that_waiting_ms`` is the time between the two.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import cv2
import mediapipe
import moderngl
import numpy as np
import onnxruntime
from mediapipe.tasks.python import BaseOptions, vision
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import UDPClient

MODELS = Path(__file__).resolve().parent.parent / "models"
EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
AFFECT = np.array([(-0.5, 0.8), (-0.7, 0.3), (-0.6, 0.7), (0.8, 0.5), (-0.7, -0.4), (0.2, 0.8), (0.0, 0.0)], np.float32)
"""Valence and arousal of each emotion."""
SIZE, TEXTURE_PX, TEXTURE_S, WIDTH_PX, WARM_UP_S = (640, 360), 128, 0.2, 640, 2.0
"""Of the drawing; of a texture, and how often; of what the networks see at most; the time before anything is counted."""
VERTEX = "#version 330\nin vec2 at; out vec2 uv; void main() { uv = at; gl_Position = vec4(at, 0.0, 1.0); }"
FRAGMENT = """#version 330
uniform float time; uniform float happy; uniform float arousal; uniform vec2 person; uniform sampler2D skin;
in vec2 uv; out vec4 colour;
float sphere(vec3 p) { return length(p) - 1.0 - 0.1 * (1.0 + arousal) * sin(5.0 * p.x + time) * sin(4.0 * p.y - time); }
void main() {
    vec3 from = vec3(0.0, 0.0, -3.0), ray = normalize(vec3(uv.x * 1.78 - person.x, uv.y + person.y, 1.8));
    float far = 1.5;
    for (int i = 0; i < 64 && far < 5.0; i++) {
        float near = sphere(from + far * ray);
        if (near < 0.002) break;
        far += 0.7 * near;
    }
    vec3 p = from + far * ray;
    vec2 e = vec2(0.01, 0.0);
    vec3 n = normalize(vec3(sphere(p + e.xyy), sphere(p + e.yxy), sphere(p + e.yyx)) - sphere(p));
    vec3 worn = texture(skin, 0.5 * p.xy + 0.5).rgb * mix(vec3(0.6, 0.7, 1.0), vec3(1.0, 0.9, 0.6), happy);
    colour = vec4(far < 5.0 ? worn * (0.3 + 0.7 * max(dot(n, normalize(vec3(1.0, 1.0, -1.0))), 0.0)) : vec3(0.02), 1.0);
}"""


class Camera:
    """A film that behaves like a camera: ``newest`` waits for a picture, or gives the last one that came meanwhile."""

    def __init__(self, path: str) -> None:
        self.film = cv2.VideoCapture(path)
        self.interval_s = 1 / (self.film.get(cv2.CAP_PROP_FPS) or 24.0)
        self.due_s, self.lost = time.monotonic(), 0

    def newest(self) -> tuple[np.ndarray, float]:
        """((H, W, 3) BGR, when it arrived, in monotonic seconds)."""
        self._grab()
        while self.due_s + self.interval_s <= time.monotonic():
            self.lost += 1
            self._grab()
        arrived_s = self.due_s
        if arrived_s > time.monotonic():
            time.sleep(arrived_s - time.monotonic())
            arrived_s = time.monotonic()
        return self.film.retrieve()[1], arrived_s

    def _grab(self) -> None:
        if not self.film.grab():
            self.film.set(cv2.CAP_PROP_POS_FRAMES, 0)
            if not self.film.grab():
                raise SystemExit("the film has no picture")
        self.due_s += self.interval_s


def session(name: str) -> onnxruntime.InferenceSession:
    """One of the piece's networks, one thread: more of them only spin beside everything else."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(MODELS / name), options, providers=["CPUExecutionProvider"])


def landmarkers() -> tuple[vision.PoseLandmarker, vision.FaceLandmarker]:
    """For one person, each following what it saw before."""
    pose, face = (
        BaseOptions(model_asset_path=str(MODELS / f"fetched/{name}_landmarker.task")) for name in ("pose", "face")
    )
    mode = vision.RunningMode.VIDEO
    faces = vision.FaceLandmarkerOptions(base_options=face, running_mode=mode, output_face_blendshapes=True)
    poses = vision.PoseLandmarkerOptions(base_options=pose, running_mode=mode)
    return vision.PoseLandmarker.create_from_options(poses), vision.FaceLandmarker.create_from_options(faces)


def expression(net: onnxruntime.InferenceSession, rgb: np.ndarray, landmarks: list) -> np.ndarray:
    """(7,) probabilities of the upright square round the face's landmarks."""
    height, width = rgb.shape[:2]
    points = np.array([(p.x * width, p.y * height) for p in landmarks])
    half = 0.58 * np.sqrt(np.prod(np.ptp(points, axis=0)))
    (left, top), (right, bottom) = ((points.mean(axis=0) + sign * half).astype(int) for sign in (-1, 1))
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[max(top, 0) : bottom, max(left, 0) : right]
    if min(grey.shape) < 8:
        return np.eye(7, dtype=np.float32)[6]
    side = net.get_inputs()[0].shape[-1]
    face = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    face = (face - face.mean()) / max(float(face.std()), 8.0)
    return net.run(None, {net.get_inputs()[0].name: face[None, None]})[0][0]


def paint(net: onnxruntime.InferenceSession, emotions: np.ndarray, noise: dict[str, np.ndarray]) -> np.ndarray:
    """(S, S, 4) uint8 texture for what the face shows."""
    affect = np.concatenate([emotions @ AFFECT, (0.0, 0.0)]).astype(np.float32)
    return net.run(None, noise | {"affect": affect[None]})[0]


def noise_for(net: onnxruntime.InferenceSession) -> dict[str, np.ndarray]:
    """What the texture network wants beside the affect: Gaussian maps, the sizes read from their names ("h4" is 4 h)."""
    random, cells = np.random.default_rng(1), TEXTURE_PX // 16
    sizes = {
        each.name: [n if isinstance(n, int) else cells * int(n[1:] or 1) for n in each.shape]
        for each in net.get_inputs()
    }
    return {name: random.standard_normal(size, np.float32) for name, size in sizes.items() if name != "affect"}


def bundle_of(emotions: np.ndarray, person: tuple[float, float], blendshapes: list, poses: list) -> OscBundle:
    """One OSC bundle: emotions, place, blendshapes and joints."""
    bundle = OscBundleBuilder(IMMEDIATELY)
    rows = [(f"/emotion/{name}", [float(p)]) for name, p in zip(EMOTIONS, emotions, strict=True)]
    rows += [("/person/place", list(person)), ("/face", [shape.score for shape in blendshapes])]
    rows += [("/pose", [value for joint in poses for value in (joint.x, joint.y, joint.z)])]
    for address, values in rows:
        message = OscMessageBuilder(address)
        for value in values:
            message.add_arg(value, "f")
        bundle.add_content(message.build())
    return bundle.build()


class Sphere:
    """The picture: one triangle and a fragment shader."""

    def __init__(self) -> None:
        self.context = context = moderngl.create_standalone_context(backend="egl")
        self.target = context.simple_framebuffer(SIZE)
        self.program = context.program(VERTEX, FRAGMENT)
        corners = context.buffer(np.array([-1, -1, 3, -1, -1, 3], np.float32))
        self.triangle = context.vertex_array(self.program, corners, "at")
        self.skin = context.texture((TEXTURE_PX, TEXTURE_PX), 4)

    def draw(self, emotions: np.ndarray, person: tuple[float, float]) -> None:
        """Draw and wait until it is drawn."""
        self.target.use()
        self.skin.use(0)
        self.program["time"], self.program["happy"] = time.monotonic() % 1000, float(emotions[3])
        self.program["arousal"], self.program["person"] = (
            float(emotions @ AFFECT[:, 1]),
            (person[0] - 0.5, person[1] - 0.5),
        )
        self.triangle.render()
        self.context.finish()


def run(source: str, seconds: float, port: int) -> dict[str, object]:
    """The loop, for ``seconds`` after the warm-up; gives its figures."""
    (pose, face), reader, painter = landmarkers(), session("expression.onnx"), session("texture.onnx")
    sphere, osc, noise = Sphere(), UDPClient("127.0.0.1", port), noise_for(painter)
    emotions, person, texture_s, textures, lost, first_s = np.eye(7)[6], (0.5, 0.5), 0.0, 0, 0, 0.0
    waited_ms, sent_ms = [], []
    camera = Camera(source)
    began_s, arrived_s = time.monotonic() + WARM_UP_S, 0.0
    while time.monotonic() < began_s + seconds:
        bgr, arrived_s = camera.newest()
        taken_s = time.monotonic()
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        if rgb.shape[1] > WIDTH_PX:
            rgb = cv2.resize(rgb, (WIDTH_PX, WIDTH_PX * rgb.shape[0] // rgb.shape[1]), interpolation=cv2.INTER_AREA)
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        bodies = pose.detect_for_video(image, int(taken_s * 1000)).pose_landmarks
        faces = face.detect_for_video(image, int(taken_s * 1000))
        if faces.face_landmarks:
            emotions = 0.7 * emotions + 0.3 * expression(reader, rgb, faces.face_landmarks[0])
            person = (faces.face_landmarks[0][1].x, faces.face_landmarks[0][1].y)
        shapes = faces.face_blendshapes[0] if faces.face_blendshapes else []
        osc.send(bundle_of(emotions, person, shapes, bodies[0] if bodies else []))
        now_s = time.monotonic()
        if now_s - texture_s >= TEXTURE_S:
            texture_s, textures = now_s, textures + 1
            sphere.skin.write(paint(painter, emotions, noise).tobytes())
        sphere.draw(emotions, person)
        if not sent_ms:
            # Everything counts from the first picture after the warm-up.
            first_s, lost, textures = arrived_s, camera.lost, 0
        if arrived_s >= began_s:
            sent_ms.append((now_s - arrived_s) * 1000)
            waited_ms.append((taken_s - arrived_s) * 1000)
    if len(sent_ms) < 2:
        raise SystemExit("not two pictures came; give it more seconds")
    span_s = arrived_s - first_s
    return {
        "pictures_per_second": (len(sent_ms) - 1) / span_s,
        "lost_per_second": (camera.lost - lost) / span_s,
        "textures_per_second": textures / span_s,
        "capture_to_osc_ms": {"p50": float(np.median(sent_ms)), "p95": float(np.percentile(sent_ms, 95))},
        "of_that_waiting_ms": {"p50": float(np.median(waited_ms)), "p95": float(np.percentile(waited_ms, 95))},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a film")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--port", type=int, default=9101, help="where the bundles go, on this machine")
    parser.add_argument("--report", type=Path, help="write the figures as JSON, too")
    options = parser.parse_args()
    figures = run(options.source, options.seconds, options.port)
    print(json.dumps(figures))
    if options.report is not None:
        options.report.write_text(json.dumps(figures))
