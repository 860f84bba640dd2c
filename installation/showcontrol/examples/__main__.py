"""Write what is generated in examples/, or say what is stale there.

python -m installation.showcontrol.examples [--write]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from installation.showcontrol.examples.files import FOLDER, files


def main(argv: Sequence[str] | None = None) -> int:
    """With --write all files are written; without, stale ones are named. 1 where one is stale and was not written, else 0."""
    parser = argparse.ArgumentParser(description="What is generated in examples/, from the tables of addresses.")
    parser.add_argument("--write", action="store_true", help="write the files instead of naming those that are stale")
    write = parser.parse_args(argv).write
    stale = [path for path, text in files().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if write:
            path.write_text(files()[path], encoding="utf-8")
        print(f"{'written' if write else 'stale'}: examples/{path.relative_to(FOLDER).as_posix()}")
    return int(bool(stale) and not write)


if __name__ == "__main__":
    raise SystemExit(main())
