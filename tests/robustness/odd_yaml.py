"""Documents near the valid ones, with something odd in the place of a value or a name: what a slip, a template, another
program or a bad joke leaves in a YAML file."""

from __future__ import annotations

import copy
from typing import Any

import yaml
from hypothesis import strategies as st


class Written(str):
    """YAML as it is, not a text to be quoted."""

    __slots__ = ()


READ = (
    """
{{scene}}|!!binary aGk=|2026-11-26|2026-11-26T10:00:00Z|{<<: {size: 1}}|{<<: [{size: 1}, {size: 2}]}|.inf|-.inf|.nan|1.0e+400
null|~|[]|{}|[{}]|[[]]|!!set {a}|!!omap [a: 1]|!!pairs [a: 1]|!!str 5|!!int 5|!!float 5|"\\ud83d"|"\\0"|"\\x1b[31m"|"a\\nb"
1_000|0x1F|0b11|017|190:20:30|10:00|true|on|-1|40,5|{a: 40,5}|[40,5]|0|-0.0|1e3|1.0e3|'it''s'|&x 1|{? a}|{1: 2}|{1.5: 2}
{true: 1}|{null: 1}|{2026-11-26: 1}|{.nan: 1, .nan: 2}|{!!binary aGk=: 1}|{'': 1}|{0: 1, '0': 2}|[&k a, {*k : 1}]|{&k k: *k}
[&m {a: 1}, {<<: *m}]|{a.b: 1}|/dev/zero|../../etc|99999999999999999999999|""|blossom|#ff0000|&d [[[[[[[[1]]]]]]]]
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
REFUSED = (
    """
{{a}}: 1|!!python/object:os.system x|!!python/name:os.system|!!python/tuple [1]|!!binary x|!!timestamp 2026-02-31|2026-02-31
&a [*a]|&a {b: *a}|{<<: 3}|{<<: [1]}|!!omap {a: 1}|!!omap [a]|!!pairs [x]|!!float x|!!int 0x|!!int ''|!!bool maybe|!!map x
!!seq x|!!str [1]|!!int [1]|!!int {a: b}|!!float {}|!!bool []|!!null []|!!binary []|!!timestamp []|!foo x|"\\U00110000"
*nowhere|=|{=: 3}|{? [a]: b}|{? {a: b}}|{!!set {a}: 1}|{!!int x: 1}|{a: 1, 'a': 2}|[&k [a], {*k : 1}]|"C:\\Users"|@x|`x|%x
'open|"open|[open|{open|\x00|a: b: c|- a|--- a|{!!python/tuple [1]: 2}
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
ODD = st.sampled_from([Written(one) for one in (*READ, *READ, *REFUSED, "9" * 400, "9" * 5000, "a" * 3000)]) | st.text(
    max_size=12
)


def text_of(node: Any) -> str:
    """A document in one line, with what is ``Written`` as it stands."""
    if isinstance(node, Written):
        return str(node)
    if isinstance(node, dict):
        return "{" + ", ".join(f"{text_of(name)}: {text_of(value)}" for name, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(text_of(one) for one in node) + "]"
    written: str = yaml.safe_dump(node, default_flow_style=True, width=10**9, allow_unicode=True)
    return written.strip().removesuffix("...").strip()


def lines_of(node: dict[Any, Any], depth: int = 0) -> str:
    """A document with a line for each setting, as it is written by hand."""
    lines = []
    for name, value in node.items():
        is_section = isinstance(value, dict) and value and depth < 2
        below = f"\n{lines_of(value, depth + 1)}" if is_section else f" {text_of(value)}"
        lines.append(f"{'  ' * depth}{text_of(name)}:{below}")
    return "\n".join(lines)


@st.composite
def near(draw: st.DrawFn, documents: dict[str, Any], parts: int = 2) -> str:
    """A few of the sections of ``documents``, with one to three things in them replaced, renamed, added or left out."""
    names = draw(st.lists(st.sampled_from(sorted(documents)), min_size=1, max_size=parts, unique=True))
    document = {name: copy.deepcopy(documents[name]) for name in names}
    for _ in range(draw(st.integers(1, 3))):
        holder, name = draw(st.sampled_from(list(_places(document)) or [(document, None)]))
        change = draw(st.sampled_from(("replace", "replace", "replace", "rename", "add", "drop", "wrap")))
        if change == "add" and isinstance(holder, dict):
            holder[draw(ODD)] = draw(ODD)
        elif change == "add":
            holder.append(draw(ODD))
        elif name is None:
            continue
        elif change == "drop":
            del holder[name]
        elif change == "rename" and isinstance(holder, dict):
            holder[draw(ODD)] = holder.pop(name)
        else:
            holder[name] = [holder[name]] if change == "wrap" else draw(ODD)
    return draw(st.sampled_from((lines_of, text_of)))(document)


def _places(node: Any) -> Any:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in inner:
        yield node, name
        yield from _places(value)
