"""What receivers of OSC hear last: nobody is there, and the piece has ended. Plain values: the sending process uses it."""

from __future__ import annotations

from installation.live_commands.table import Argument
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.showcontrol.osc_out.pipe import FrameBundle

KILLED = "the piece was killed"
"""The reason where nobody was left to give one."""
_WEKINATOR_AT_REST = (0.0, 0.5, 0.5, *(0.0,) * 12, 1.0)
"""/wek/inputs where nobody was ever seen: presence, place, six values, seven probabilities of which the last is neutral."""


def goodbye(prefix: str, reason: str, last: FrameBundle | None = None, newest_event: int = 0) -> FrameBundle:
    """The last bundle below ``prefix``; ``last`` is the frame that was sent before it, None where there was none, and
    ``newest_event`` the number of the last event.

    Each visitor of that frame has presence 0 and an /event/left; the group has nobody; /people/ids is empty. It holds none of
    the addresses that a setting may switch off.
    """
    ids = _ids(last)
    messages: list[TypedMessage] = [("/people", "i", [0])]
    messages += [(f"/person/{person}/presence", "f", [0.0]) for person in ids]
    messages += [(f"/group/{name}", "f", [0.0]) for name in ("presence", "energy", "openness")]
    messages += [
        ("/group/leader", "i", [-1]),
        ("/presence", "f", [0.0]),
        ("/state", "ss", ["ended", reason[:200]]),
        ("/attention", "s", ["attract"]),
    ]
    return FrameBundle(
        prefix=prefix,
        messages=messages,
        events=[
            (number, ("/event/left", "ii", [number, person]))
            for number, person in enumerate(ids, start=newest_event + 1)
        ],
        last=[("/people/ids", "", [])],
        joints=[],
        formats=_formats(last),
    )


def _ids(last: FrameBundle | None) -> list[Argument]:
    messages = last["last"] if last is not None else []
    return [person for path, _, args in messages if path == "/people/ids" for person in args]


def _formats(last: FrameBundle | None) -> dict[str, list[TypedMessage]]:
    """No face, no avatar; Wekinator's inputs as they were, but without presence."""
    known = last["formats"].get("wekinator", []) if last is not None else []
    inputs = next((list(args) for path, _, args in known if path == "/wek/inputs"), list(_WEKINATOR_AT_REST))
    return {
        "faceosc": [("/found", "i", [0])],
        "vmc": [("/VMC/Ext/OK", "i", [0])],
        "wekinator": [("/wek/inputs", "f" * len(inputs), [0.0, *inputs[1:]])],
    }
