"""docs/reference/control.md, made from the table of settings.

python -m installation.showcontrol.control_reference --write
"""

from __future__ import annotations

import argparse
from pathlib import Path

from installation.config.look import LOOK_NAMES
from installation.live_commands.lookup import GET, SAVE
from installation.live_commands.setting_table import CONTROL, Setting, table
from installation.live_commands.table import NETWORK

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "control.md"


def document() -> str:
    """The text of docs/reference/control.md."""
    sections: dict[str, list[str]] = {}
    for path, setting in table().items():
        emotion = next((part for part in setting.place[1:-1] if part in LOOK_NAMES), "")
        if emotion and emotion != LOOK_NAMES[0]:
            continue  # All have the same settings; the first one stands for them.
        row = _row(path, setting)
        sections.setdefault(setting.place[0], []).append(row.replace(emotion, "EMOTION") if emotion else row)
    tables = [
        f"### {section}\n\n| address | type | values | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        for section, rows in sections.items()
    ]
    return _HEAD + "\n".join(tables)


def _row(path: str, setting: Setting) -> str:
    note = "; needs a restart" if setting.needs_restart else ""
    note += "" if NETWORK in setting.callers else "; read only: set in config.yaml"
    unit = f" {setting.unit}" if setting.unit else ""
    return f"| `{path}` | `{setting.tag}` | {setting.limits}{unit} | {setting.meaning}{note} |"


_HEAD = f"""<!-- Generated from installation/live_commands/setting_table.py and showcontrol/control_reference.py; change those,
then run python -m installation.showcontrol.control_reference --write -->
# Changing the piece from outside

Sound and light desks, tablets and scripts change the piece while it runs, by OSC over UDP (`osc.listen_host`,
`osc.listen_port`: this machine, 9100) or over the WebSocket of OSCQuery (`oscquery.port`: 9102). The commands are in
[osc.md](osc.md); this page is about settings. All addresses are below `osc.prefix` (`/mien`).

```
oscsend localhost 9100 /mien{CONTROL}/smoothing/label_hold_s f 0.4      # change a setting
oscsend localhost 9100 /mien/{GET}{CONTROL}/smoothing/label_hold_s        # ask for it; the sender is answered
oscsend localhost 9100 /mien/{SAVE}                              # write what was changed to config.yaml
```

- A change is checked like an edit of config.yaml and takes effect within a tenth of a second (what opens the camera or
  perception again: every three seconds at most). It ends at the next start unless it was saved, and when config.yaml is saved
  with another value for the same setting. `/{SAVE}` keeps the file's comments and is answered with `/mien{CONTROL}/saved`
  and the number of settings.
- `/{GET}` takes the address as its end or as its argument, of a setting or of anything the piece sends (`/mien/{GET}/valence`),
  and is answered with one message at that address.
- What cannot be done is answered with `/mien/error`, the address and the reason, to the port it came from, five times a
  second at most. An address that ends in `/error` is never answered.
- Numbers may come as i, f, h or d; a switch is 0 or 1 and takes T and F as well; texts are s. Packets above 8,192 bytes,
  with more than 256 messages or with bundles more than 8 deep are refused as a whole. Time tags are not waited for.
- A setting that was renamed answers to its old address as well, in the old unit (`/mien{CONTROL}/perception/budget_ms`);
  OSCQuery lists the new ones only.
- The numbers of a scene that is dropped into shaders/scenes, or removed, appear and vanish while the piece runs.

## Who may

As shipped, this machine only. With `osc.listen_host` and `oscquery.host` at `0.0.0.0`, every machine in the networks of
`osc.allow` may: as shipped the private ones (10.0.0.0/8, 192.168.0.0/16 and so on). Another machine gets one error and no
further answer. There are no passwords: give the show its own network. Web pages may use the WebSocket where they come from an
allowed machine or a file of this one.

Some settings can be read over the network but are set in config.yaml only: who can reach the piece (hosts and ports), what
is stored and shown of visitors (the camera's picture, faces, takes of poses), and what protects the machine and other
networks. They are marked *read only* below. `osc.allow`, other lists, and the names of files, models and sources have no
address at all.

## OSCQuery

Programs such as Chataigne, ossia score or Vidvox' tools see at `http://127.0.0.1:9102/` all addresses with type,
range, unit, meaning and value, and listen to them; zeroconf announces the piece as `_oscjson._tcp` and `_osc._udp`. A
browser that opens that address is sent to the desk ([desk.md](../desk.md)) while it runs; what lies below, such as `/mien`, it
sees as JSON.

```
curl http://127.0.0.1:9102/mien{CONTROL}/output            # a branch with all that is in it
curl http://127.0.0.1:9102/mien/valence?VALUE            # one attribute: TYPE, RANGE, ACCESS, DESCRIPTION, UNIT, VALUE
curl http://127.0.0.1:9102/?HOST_INFO                    # ports and abilities
```

WebSocket, same port: `{{"COMMAND": "LISTEN", "DATA": "/mien/valence"}}` and `IGNORE` as text; values come as binary OSC
messages, every one that the piece makes. OSC that is sent to it is handled like OSC by UDP. PATH_CHANGED says that visitors
came or left, PATH_ADDED and PATH_REMOVED that a scene brought settings or took them away, or that emotions are read from now
on or no more (`emotion.enabled`): without them the tree has no address that tells of one.

## Settings

`EMOTION` stands for {", ".join(LOOK_NAMES)}. The numbers of scenes are those of the files in shaders/scenes.

"""


def main(argv: list[str] | None = None) -> int:
    """Print docs/reference/control.md, or write it with --write."""
    parser = argparse.ArgumentParser(description="The reference of settings over OSC, generated from the settings.")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name} instead of printing")
    if parser.parse_args(argv).write:
        DOCUMENT.write_text(document(), encoding="utf-8")
    else:
        print(document(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
