"""docs/control.md, made from the control table.

python -m installation.showcontrol.control_reference --write
"""

from __future__ import annotations

import argparse
from pathlib import Path

from installation.config.look import LOOK_NAMES
from installation.config.setting_table import CONTROL, Control, table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "control.md"


def document() -> str:
    """The text of docs/control.md."""
    sections: dict[str, list[str]] = {}
    for path, control in table().items():
        emotion = next((part for part in control.place[1:-1] if part in LOOK_NAMES), "")
        if emotion and emotion != LOOK_NAMES[0]:
            continue  # All have the same settings; the first one stands for them.
        row = _row(path, control)
        sections.setdefault(control.place[0], []).append(row.replace(emotion, "EMOTION") if emotion else row)
    tables = [
        f"### {section}\n\n| address | type | values | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        for section, rows in sections.items()
    ]
    return _HEAD + "\n".join(tables)


def _row(path: str, control: Control) -> str:
    late = "" if control.at_once else "; counts from the next start on"
    unit = f" {control.unit}" if control.unit else ""
    return f"| `{path}` | `{control.tag}` | {control.limits}{unit} | {control.meaning}{late} |"


_HEAD = f"""<!-- Generated from installation/config/setting_table.py and control_doc.py; change those, then run
python -m installation.showcontrol.control_reference --write -->
# Changing the piece from outside

Sound and light desks, tablets and scripts change the piece while it runs, by OSC over UDP (`osc.listen_host`,
`osc.listen_port`: this machine, 9100) or over the WebSocket of OSCQuery (`oscquery.port`: 9102). The commands stand in
[osc.md](osc.md); this is about settings. All addresses stand below `osc.prefix` (`/mien`).

```
oscsend localhost 9100 /mien{CONTROL}/smoothing/label_hold_s f 0.4      # change a setting
oscsend localhost 9100 /mien/get{CONTROL}/smoothing/label_hold_s        # ask for it; the answer goes to who asked
oscsend localhost 9100 /mien{CONTROL}/save                              # write what was changed to config.yaml
```

- A change is checked as an edit of config.yaml is, counts within a tenth of a second (what opens the camera or perception
  anew: every three seconds at most), and is gone at the next start unless it was saved. It also ends when config.yaml is saved
  with another value for the same setting. `{CONTROL}/save` keeps the file's comments and is answered with
  `/mien{CONTROL}/saved` and the number of settings.
- `/get` takes the address as its end or as its argument, of a setting or of anything the piece sends (`/mien/get/valence`),
  and is answered with one message at that address.
- Whatever cannot be done is answered with `/mien/error`, the address and the reason, to the port it came from, five times a
  second at most. An address that ends in `/error` is never answered.
- Numbers may come as i, f, h or d; a switch is 0 or 1 and takes T and F as well; texts are s. Packets above 8,192 bytes,
  with more than 256 messages or with bundles more than 8 deep are refused as a whole. Time tags are not waited for.

## Who may

As shipped this machine only. With `osc.listen_host` and `oscquery.host` at `0.0.0.0` every machine in the networks of
`osc.allow` may, as shipped the private ones (10.0.0.0/8, 192.168.0.0/16 and so on); another one is told so once, and is
then not answered any more. There are no passwords: give the show its own network. `osc.allow` itself, lists, and the names of
files, models and sources cannot be changed from outside. Web pages may use the WebSocket where they come from an allowed
machine or a file of this one.

## OSCQuery

Programs such as Chataigne, ossia score, Vidvox' tools or a browser at `http://127.0.0.1:9102/` see all addresses with type,
range, unit, meaning and value, and listen to them; zeroconf announces the piece as `_oscjson._tcp` and `_osc._udp`.

```
curl http://127.0.0.1:9102/mien{CONTROL}/output            # a branch with all that is in it
curl http://127.0.0.1:9102/mien/valence?VALUE            # one attribute: TYPE, RANGE, ACCESS, DESCRIPTION, UNIT, VALUE
curl http://127.0.0.1:9102/?HOST_INFO                    # ports and abilities
```

WebSocket, same port: `{{"COMMAND": "LISTEN", "DATA": "/mien/valence"}}` and `IGNORE` as text; values come as binary OSC
messages, every one that the piece makes. OSC that is sent to it counts as if it had come by UDP. PATH_CHANGED tells of visitors
who came or left.

## Settings

`EMOTION` stands for {", ".join(LOOK_NAMES)}. The numbers of scenes are those of the files in shaders/scenes.

"""


def main(argv: list[str] | None = None) -> int:
    """Print docs/control.md, or write it with --write."""
    parser = argparse.ArgumentParser(description="The reference of settings over OSC, generated from the settings.")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name} instead of printing")
    if parser.parse_args(argv).write:
        DOCUMENT.write_text(document(), encoding="utf-8")
    else:
        print(document(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
