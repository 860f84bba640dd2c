"""docs/reference/osc.md, generated from the table of addresses.

python -m installation.showcontrol.osc_reference --write
"""

from __future__ import annotations

from installation.base.documents import write_or_print
from installation.base.emoji import EMOJI
from installation.base.files import ROOT
from installation.live_commands.table import COMMANDS, NETWORK
from installation.showcontrol.address import Arg
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.osc_out.faceosc import PORT as FACEOSC_PORT
from installation.showcontrol.osc_out.vmc import PORT as VMC_PORT
from installation.showcontrol.osc_out.wekinator import INPUTS, UNREAD_INPUTS
from installation.showcontrol.osc_out.wekinator import PORT as WEKINATOR_PORT

DOCUMENT = ROOT / "docs" / "reference" / "osc.md"


def _range(arg: Arg) -> str:
    if arg.tag == "s":
        return f"{arg.name} (s)"
    low, high = (f"{value:g}" if abs(value) < 1e6 else "many" for value in (arg.low, arg.high))
    return f"{arg.name} ({arg.tag}) {low} to {high}{' ' + arg.unit if arg.unit else ''}"


def document() -> str:
    """The text of docs/reference/osc.md."""
    rows = [
        f"| `{a.path}` | `{a.tags or 'i...'}` | {', '.join(_range(arg) for arg in a.args) or 'any number of ids'} "
        f"| {a.when} | {a.meaning} |"
        for a in TABLE
    ]
    incoming = [
        f"| {' '.join(f'`/{name}`' for name in (c.name, c.also) if name)} | `{c.parameter.tag if c.parameter else ''}` "
        f"| {c.parameter.name if c.parameter else 'none'} | {c.help} |"
        for c in COMMANDS.values()
        if NETWORK in c.callers
    ]
    return _HEAD + "\n".join(rows) + "\n" + _emoji() + _TARGETS + _INCOMING + "\n".join(incoming) + "\n" + _TAIL


def _emoji() -> str:
    rows = [f"| {name} | {' '.join(steps)} |" for name, steps in EMOJI.items()]
    return _EMOJI + "\n".join(rows) + "\n" + _EMOJI_TAIL


_EMOJI = """
## Emoji

`/emoji` (all visitors) and `/person/{id}/emoji` are one character, for a label on a screen or a patch that branches on it. It
follows the active emotion (`/label`, after its hysteresis) and how strongly that is shown, the mildest first:

| emotion | emoji |
|---|---|
"""

_EMOJI_TAIL = """
How strongly: the emotion's share times half of 1 plus the larger of |valence| and |arousal|; from 0.34 on the second, from 0.52
on the third, with 0.03 on either side before it changes. With nobody there `/emoji` is an empty text.

It is sent as UTF-8, four bytes. OSC's specification says that texts are ASCII, but receivers take UTF-8 all the same: oscdump
(liblo), Pure Data (`[route 😂]` below `[route emoji]`), SuperCollider (`msg[1] == '😂'`) and python-osc were tried and give it
whole. Where one does not, go by `/group/label` and `/person/{id}/label`, which are ASCII.
"""


_HEAD = """<!-- Generated from addresses.py and osc_reference.py in installation/showcontrol.
Change those, then run python -m installation.showcontrol.osc_reference --write -->
# OSC reference

Mien sends sound and light what it sees: each receiver under `osc.targets` in config.yaml gets a bundle with an immediate time
tag, `per_second` times a second. Addresses start with `osc.prefix` (`/mien`). Types are `i`, `f` and `s` only; floats never
leave the range given here and are never NaN. A bundle above 1,432 bytes is split; `/people/ids` is always the very last
message, so a visitor who is not in it has left, also when a packet was lost. Events and beats carry a number that rises by
one with each of them and are sent in three bundles in a row, and those of two events may alternate: take only a number greater
than all before it. With `emotion.enabled: false` no emotion is read, and what ends with `label`, `emoji`, `emotions`,
`emotion`, `agreement`, `valence` or `arousal` does not exist; `confidence` is then that of somebody being there.
[examples/](../../examples/README.md) has files for Pure Data, SuperCollider, QLC+, Max, Chataigne, TouchDesigner and others
that do so.

| address | types | arguments | sent | meaning |
|---|---|---|---|---|
"""

_TARGETS = f"""
## Targets

Each entry under `osc.targets` is a receiver of its own:

```yaml
osc:
  targets:
    - {{host: 127.0.0.1, port: 9101}}
    - {{host: lights.local, port: 8000, per_second: 30, addresses: ["/mien/group/*", "/mien/event/*"]}}
    - {{host: 10.0.0.7, port: 9000, prefix: /stage, per_second: 0, protocol: tcp}}
    - {{host: 127.0.0.1, port: {WEKINATOR_PORT}, format: wekinator}}
```

| setting | meaning |
|---|---|
| `host`, `port` | A name is looked up in the background, each minute and when nobody answers; all its addresses are tried. |
| `prefix` | Every address starts with it instead of `osc.prefix`. |
| `per_second` | Bundles a second (60), evenly, each with the newest values; 0: one at once for each processed camera frame. |
| `addresses` | Only what one of these patterns matches, prefix included, is sent; joints only where one asks for them. |
| `protocol` | `udp`, or `tcp` with SLIP frames as in OSC 1.1. Mien connects, and again with a growing pause. |
| `format` | `mien` is the table above; the others are below. |

In a pattern `?` is a character, `*` any number of them, `[0-9]` and `[!0-9]` one of these or of the others, `{{sad,happy}}` one
of these words, none of them across a `/`; `//` is any number of levels: `/mien//*` is everything. In music, jitter is heard
sooner than a late value: that is why a steady rate is the default and `per_second: 0` the exception.

A receiver that is away costs nothing. It is reported once, as a fallback of `osc HOST:PORT`, and resolved when packets leave
and nobody refuses them for a second. Whatever else keeps one receiver from its packets is a notice of that receiver alone, and
tried again at least every five seconds.

A name may have several addresses: `localhost` is both 127.0.0.1 and ::1. Packets go to the first one, IPv4 before IPv6, until
the network refuses it, and then to the next. A firewall that drops packets in silence refuses nothing: write the address itself
there. A broadcast address, such as 192.168.1.255, reaches all receivers of that network at this port. `python3 run.py check`
sends an empty bundle to every address, and says which of them are refused.

The bundles are sent by a small process of its own. Where the system allows it, it runs in real time, and the time between two
bundles at 60 a second is then off by less than half a millisecond, 99 times in 100, on a machine that is otherwise busy
(`benchmarks/osc.py`). Where it does not, it depends on how the system shares the processor: 5 to 20 ms on two busy cores. On
Linux, allow it with a file `/etc/security/limits.d/mien.conf` that says `@audio - rtprio 10` (and be in that group); the run's
report has what it was under `osc_priority`.

## State, faults and fallbacks

`/state` is `degraded` while there is a fault, something that was asked for and does not work, or a fallback that nobody chose,
such as the simulated performer in place of a camera. What somebody chose, or what this machine is like, is a note: no GPU,
textures switched off, a setting that needs a restart. Notes are in the log and on the screen; they are not sent and do not
degrade the state. A receiver of OSC, light or MIDI that is away is sent as `/fallback` or `/fault`, but does not degrade the
state either, nor does a disk that takes no recording or video: the others need not care. `/attention` is attract, notice or
active whatever happens.

## Start and end

From the first picture on, while the networks are still loading, `/health` comes every `osc.health_s` (1 s) with `/state
starting`; the state changes with the first camera picture that is processed.

At the end, however it comes, every receiver hears the same, three times: `/people 0` and an empty `/people/ids`, presence 0 of
the group, of the scene and of each visitor who was there, an `/event/left` for each, and `/state ended` with the reason (a
signal's name, "the piece broke", "the piece was killed"). FaceOSC's patches get `/found 0`, Wekinator presence 0, an avatar
`/VMC/Ext/OK 0`. The sending process says it, whose connection to the piece closes with the piece, also where that is killed; it
passes over a SIGTERM that goes to all processes. Where everything is killed at once, the guard (`run.py guard`) says it,
without the visitors' numbers. A piece that hangs for 3 s counts as ended (`the piece does not answer`) until it goes on; a
receiver that is taken out of `osc.targets` hears it, too. Only a power cut, or `kill -9` of all processes without a guard,
leaves nobody to say it. So: **no `/health` for three seconds means dead** (with `osc.health_s` at 1; else three times as long):
fade out as for `ended`.

After `ended` events count from 1 again, and visitors are numbered anew: forget the last number when you hear it.

## Messages of other programs

They have the addresses, types and order of those programs, without a prefix, and only what Mien really knows.

**`format: faceosc`** (port {FACEOSC_PORT}): FaceOSC's whole specification, for the patches made for it. `/found` always;
while a face is seen `/pose/position`, `/pose/scale`, `/pose/orientation`, `/gesture/mouth/width`, `.../height`,
`/gesture/eyebrow/left`, `.../right`, `/gesture/eye/left`, `.../right`, `/gesture/jaw` and `/gesture/nostrils`. One face: the
first one seen keeps the place. Pixels are those of a picture 640 wide; lengths are in units of which a face is 40 wide, about
FaceOSC's own. They are measured on other landmarks than FaceOSC's, so adjust a patch's limits. Its specification does not say
which way an angle counts: here radians about x to the right, y down and z away from the camera. Left is left in the picture.
`/raw` is not sent. With `emotion.enabled: false` there is no `/gesture/...`.

**`format: wekinator`** (port {WEKINATOR_PORT}): `/wek/inputs` with {len(INPUTS)} floats, of all visitors together:
{", ".join(INPUTS)}.
With nobody there the presence is 0 and the rest stays as it was. With `emotion.enabled: false` there are {len(UNREAD_INPUTS)}:
{", ".join(UNREAD_INPUTS)}.

**`format: vmc`** (port {VMC_PORT}): to a Marionette of the Virtual Motion Capture protocol. `/VMC/Ext/OK`, `/VMC/Ext/T`,
`/VMC/Ext/Root/Pos` (always the origin), `/VMC/Ext/Bone/Pos` of Hips, Spine, Head, upper and lower arms and legs, each while its
joints are seen, and `/VMC/Ext/Blend/Val` with `/VMC/Ext/Blend/Apply`: Joy, Angry, Sorrow, Neutral and Surprised as emotions'
probabilities, Blink_L, Blink_R, A, and ARKit's 51 shapes for avatars that have them. One body: who is there keeps the place. As
the picture is mirrored, an avatar that faces the visitor moves as their mirror image. Left out, because it is not known:
fingers, the turn of hands and feet, twist along a limb, the eyes' bones, the place in the room and true size (a torso counts as
half a metre), the expressions Fun, I, U, E and O, cameras, lights, trackers and controllers; VRM
has no clip for disgust and fear. With `emotion.enabled: false` there is no `/VMC/Ext/Blend/...`: the avatar's face stays as it
was.
"""

_INCOMING = """
## Commands to the piece

Mien listens on `osc.listen_host`, `osc.listen_port` (9100; 0 turns it off), under the same prefix. As shipped it hears this
machine only: set `listen_host` to `0.0.0.0` to hear the network. A port or an address that cannot be had is a fault of
`osc in`, and tried again until it can. A number sent along with an address that takes none (desks do so with every button)
does no harm; a 0 there is a button that is let go, and does nothing. Anything else that is not in the table is reported on the
screen and ignored.

| address | types | arguments | meaning |
|---|---|---|---|
"""

_TAIL = """
## Listening

On the command line (Debian: `liblo-tools`): `oscdump -L 9101`; to send something: `oscsend localhost 9100 /mien/snapshot`

Pure Data:

```
[netreceive -u -b 9101]
|
[oscparse]
|
[list trim]
|
[route mien]
|
[route valence arousal]
```

SuperCollider:

```
thisProcess.openUDPPort(9101);
OSCdef(\\valence, { |msg| msg[1].postln }, '/mien/valence');
```
"""


if __name__ == "__main__":
    raise SystemExit(write_or_print(document(), DOCUMENT))
