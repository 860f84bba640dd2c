"""The deterministic heart: observations and the frame's time go in; emotions, the scene and OSC come out.

It reads no clock, no file and no device, so that the same inputs give the same scene and the same OSC, bit for bit.
A recording is nothing but these inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from installation.base.tempo import Tempo
from installation.base.unread import unread
from installation.config.factors import strengthened_look, with_calmness
from installation.config.notice import NoticeConfig
from installation.config.settings import Config, with_sections
from installation.emotion.depicted import DepictedMood
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.group import Group
from installation.emotion.manual import manual_mood
from installation.emotion.reading import Reading
from installation.emotion.smoothing import Smoother, without_emotion
from installation.poses.triggers import CommandTrigger, FiredCommand
from installation.record.recording import Event
from installation.scene.light import Light
from installation.scene.notice import NoticeTimer
from installation.scene.scene import Scene
from installation.showcontrol.show_control import ShowControl
from installation.types import EmotionState, Observation, SceneState

SILENT_S = 1.0
"""After so long without an observation (the source is gone, perception is down) nobody is seen any more."""
SILENT_PERIOD_S = 0.1
"""Meanwhile it is told so often how the visitors fade out, and then that nobody is there."""


class Show:
    """emotion -> smoothing -> group -> scene, and OSC. Fed through ``take``.

    ``record`` gets every event before it is taken, ``on_scene`` every scene. ``emotions_read`` is ``emotion.enabled``, decided
    here for all of them: without it an observation is recorded and understood as ``admitted`` leaves it.
    """

    def __init__(
        self,
        config: Config,
        seed: int,
        showcontrol: ShowControl,
        record: Callable[[Event], None] | None = None,
        on_scene: Callable[[SceneState], None] | None = None,
    ) -> None:
        self._config = config
        config = with_calmness(config)
        self.emotions_read = config.emotion.enabled
        self._reading, self._notice = Reading(_dwell_s(config.notice)), NoticeTimer(config.notice)
        self._estimator = EmotionEstimator(config.emotion, config.body, config.poses)
        self._manual = manual_mood(config.emotion.manual)
        self._depicted = DepictedMood(config.emotion)
        self._smoother = Smoother(config.smoothing, self.emotions_read)
        self._group = Group(config.group)
        look = strengthened_look(config.look, config.generation.strength)
        self._scene = Scene(config.scene, seed, look, self.emotions_read, config.sound)
        self._showcontrol = showcontrol
        showcontrol.tell_emotions(self.emotions_read)
        showcontrol.tell_manual(self._manual.share)
        self._record, self._on_scene = record, on_scene
        self._light = Light()
        self._commands = CommandTrigger(config.poses)
        self._pose_threshold = config.poses.threshold
        self.group_state: EmotionState | None = None
        self._fired: list[FiredCommand] = []
        self._last_frame_s: float | None = None
        self._told_scene, self._painting_s = config.scene.name, config.picture.shown_s
        self._last_seen: tuple[float, Observation] | None = None
        """When the newest observation was taken, and the observation."""
        self._told_s = 0.0
        """When a bundle was sent last."""
        self.states: tuple[EmotionState, ...] = ()
        self.held: dict[int, tuple[str, ...]] = {}
        """Poses and gestures that each visitor of the newest observation holds."""
        self.frame_size = (16, 9)
        """Width and height of the newest observation's picture."""
        self.scene_state: SceneState | None = None
        """What is to be drawn; None before the first frame."""

    def take(self, event: Event) -> None:
        """Take one input. Raises ValueError for a kind that does not exist."""
        if event.kind == "observation":
            # What must not be read goes nowhere, a recording included.
            event = replace(event, value=self.admitted(event.value))
        if self._record is not None:
            self._record(event)
        match event.kind:
            case "observation":
                self._on_observation(event.value, event.t_s)
            case "frame":
                self._on_frame(event.t_s)
            case "health":
                self._showcontrol.on_health(event.value)
            case "event":
                self._on_event(event.value["name"], event.value["args"])
            case "tempo":
                self._scene.hear(None if event.value is None else Tempo(*event.value))
            case "sound":
                self._on_sound(event.value)
            case "config":
                self._reconfigure(Config.model_validate(event.value))
            case "settings":
                self._reconfigure(with_sections(self._config, event.value))
            case _:
                raise ValueError(f"a show takes no event of kind {event.kind!r}")

    @property
    def is_black(self) -> bool:
        """Whether the operator wants no light."""
        return self._light.is_black

    def admitted(self, observation: Observation) -> Observation:
        """What of ``observation`` anything behind perception may have: nothing of a newcomer's emotion, nor of anybody's where
        none is read."""
        observation = self._reading.gate(observation)
        return observation if self.emotions_read else unread(observation)

    def take_fired(self) -> list[FiredCommand]:
        """Commands that visitors gave by a pose or gesture since the last call. Whoever obeys them does so through ``take``,
        so that a replay, which nobody obeys, has their effects from the recording."""
        fired, self._fired = self._fired, []
        return fired

    def _on_observation(self, observation: Observation, t_s: float) -> None:
        self._last_seen, self._told_s = (t_s, observation), t_s
        self.frame_size = observation.frame_size
        self._scene.look_through(observation.frame_size)
        estimates = self._estimator.estimate(observation, self._reading.unread)
        if self.emotions_read:
            estimates = tuple(self._manual.over(estimate) for estimate in estimates)
        self.states = self._smoother.update(estimates, observation.t_s)
        for fired in self._commands.update(observation.t_s, observation.people):
            self._fired.append(fired)
            self._showcontrol.on_event("command", [fired.command, fired.label, fired.person_id])
        self._see_depicted(observation)
        self.held = {person.id: person.labels_held(self._pose_threshold) for person in observation.people}
        self._showcontrol.on_observation(
            observation.seq,
            t_s,
            self.states,
            self.scene_state,
            observation=self._reading.without_faces(observation),
            group=self.group_state,
            energy={estimate.person_id: estimate.energy for estimate in estimates},
            held=self.held,
        )

    def _on_frame(self, t_s: float) -> None:
        dt_s = 0.0 if self._last_frame_s is None else t_s - self._last_frame_s
        self._last_frame_s = t_s
        self.states = self._smoother.advance(t_s)
        self.group_state = self._group.update(self.states, t_s)
        states, group, mood = self.states, self.group_state, self._manual
        depicted = self._depicted.advance(dt_s)
        if mood.share <= 0 and depicted.share > 0:
            # Visitors stay what they show; the scene alone wears what the drawing depicts.
            mood = depicted
            states = tuple(mood.over(state) for state in states)
            group = None if group is None else mood.over(group)
        scene = self._scene.update(states, group, t_s, dt_s, mood)
        self.scene_state = self._light.dim(scene, dt_s)
        self._notice.update(t_s, bool(self.states), self._reading.arrived_s)
        if self._notice.share > 0.0:
            shown, shown_s = self._notice.share, self._notice.shown_s
            self.scene_state = replace(self.scene_state, notice=shown, notice_s=shown_s)
        if self._on_scene is not None:
            self._on_scene(self.scene_state)
        if self.scene_state.scene != self._told_scene:
            # By the playlist, or by the settings: commands are told of at once.
            self._on_event("scene", [self.scene_state.scene])
        self._tell_of_silence(t_s)

    def _see_depicted(self, observation: Observation) -> None:
        told = self._depicted.see(observation.depicted)
        if told is not None:
            self._showcontrol.on_event("depicted", list(told))

    def _tell_of_silence(self, t_s: float) -> None:
        """Bundles are made of observations; while none come, receivers would keep the last visitors for ever."""
        if self._last_seen is None:
            return
        seen_s, observation = self._last_seen
        if t_s - seen_s < SILENT_S or t_s - self._told_s < SILENT_PERIOD_S:
            return
        self._told_s = t_s
        nobody = Observation(t_s, observation.seq, (), observation.frame_size)
        self._see_depicted(nobody)
        self._showcontrol.on_observation(
            nobody.seq, t_s, self.states, self.scene_state, observation=nobody, group=self.group_state, energy={}
        )

    def _on_event(self, name: str, args: list[int | float | str]) -> None:
        if name == "next_scene":
            args = [self._scene.next_scene()]
            name = "scene"
        elif name == "choose_scene":
            self._scene.choose(str(args[0]))
            name = "scene"
        elif name == "clear":
            self._scene.clear()
        elif name == "painted":
            self._scene.keep(self._painting_s)
        elif name == "source":
            self._reading.clear()
        elif name == "hours":
            self._light.toward(float(args[1]), float(args[2]))
        elif name == "blackout":
            self._light.black_out(bool(args[0]))
        if name == "scene":
            self._told_scene = str(args[0])
        self._showcontrol.on_event(name, args)

    def _on_sound(self, heard: list[float] | None) -> None:
        self._scene.sound.hear(None if heard is None else (heard[0], heard[1]))
        self._showcontrol.on_sound(*(heard or (0.0, 0.0)))

    def _reconfigure(self, config: Config) -> None:
        self._config = config
        config = with_calmness(config)
        self.emotions_read = config.emotion.enabled
        self._reading.reconfigure(_dwell_s(config.notice))
        self._notice.reconfigure(config.notice)
        self._estimator.reconfigure(config.emotion, config.body, config.poses)
        self._manual = manual_mood(config.emotion.manual)
        self._depicted.reconfigure(config.emotion)
        self._showcontrol.tell_manual(self._manual.share)
        self._commands.reconfigure(config.poses)
        self._pose_threshold = config.poses.threshold
        self._smoother.reconfigure(config.smoothing, self.emotions_read)
        if not self.emotions_read:
            self.states = tuple(without_emotion(state) for state in self.states)
            self.group_state = None if self.group_state is None else without_emotion(self.group_state)
        self._group.reconfigure(config.group)
        self._painting_s = config.picture.shown_s
        look = strengthened_look(config.look, config.generation.strength)
        self._scene.reconfigure(config.scene, look, self.emotions_read)
        self._scene.sound.reconfigure(config.sound)
        self._showcontrol.reconfigure(config.osc)
        self._showcontrol.tell_emotions(self.emotions_read)


def _dwell_s(notice: NoticeConfig) -> float:
    return notice.dwell_s if notice.enabled else 0.0
