"""Types of what is typed on a command line, each with argparse's error for what cannot be. Standard library only."""

from __future__ import annotations

import argparse
import re
from pathlib import Path


def size(text: str) -> tuple[int, int]:
    """(width, height) of "640x360"; argparse's error for anything else."""
    match = re.fullmatch(r"(\d+)[xX](\d+)", text)
    if match is None or not all(64 <= int(value) <= 7680 for value in match.groups()):
        raise argparse.ArgumentTypeError(f"a size is written WIDTHxHEIGHT, such as 1280x720, not {text!r}")
    return int(match.group(1)), int(match.group(2))


def picture_size(text: str) -> tuple[int, int]:
    """(width, height) of a picture such as "7680x4320"; argparse's error for anything else."""
    match = re.fullmatch(r"(\d+)[xX](\d+)", text)
    if match is None or not all(64 <= int(value) <= 30720 for value in match.groups()):
        raise argparse.ArgumentTypeError(f"a picture's size is written WIDTHxHEIGHT, 64 to 30720 each, not {text!r}")
    return int(match.group(1)), int(match.group(2))


def video_file(text: str) -> Path:
    """A file that a video may be written to; argparse's error for another ending."""
    path = Path(text)
    if path.suffix not in (".mp4", ".mkv"):
        raise argparse.ArgumentTypeError(f"a video's name ends in .mp4 or .mkv, not {path.name!r}")
    return path


def picture_file(text: str) -> Path:
    """A file that a picture may be written to; argparse's error for another ending."""
    path = Path(text)
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg", ".webp"):
        raise argparse.ArgumentTypeError(f"a picture's name ends in .png, .jpg or .webp, not {path.name!r}")
    return path


def page_file(text: str) -> Path:
    """A file that a page for a printer may be written to; argparse's error for another ending."""
    path = Path(text)
    if path.suffix.lower() not in (".pdf", ".png"):
        raise argparse.ArgumentTypeError(f"a page's name ends in .pdf or .png, not {path.name!r}")
    return path


def language(text: str) -> str:
    """A language's tag, such as de; argparse's error for anything else."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise argparse.ArgumentTypeError(f"a language is a short word such as en, de or zh-Hant, not {text!r}")
    return text


def png_file(text: str) -> Path:
    """A file that a picture of any size may be written to; argparse's error for another ending."""
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"a picture of any size is written as PNG: name it .png, not {path.name!r}")
    return path


def above_zero(text: str) -> float:
    """A finite number above 0; argparse's error for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text!r}")
    return value


def positive(text: str) -> float:
    """A number of seconds above 0; argparse's error for anything else."""
    try:
        return above_zero(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"seconds {error}") from error


def whole(text: str) -> int:
    """A whole number from 1 on; argparse's error for anything else."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(text)


def takes(text: str) -> int:
    """A number of takes, 1 to 99; argparse's error for anything else."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
        raise argparse.ArgumentTypeError(f"takes must be a number from 1 to 99, not {text!r}")
    return int(text)


def display(text: str) -> int | str:
    """A display's number, or "all"; argparse's error for anything else."""
    if text == "all":
        return text
    if not (text.isascii() and text.isdigit() and int(text) <= 15):
        raise argparse.ArgumentTypeError(f"a display is a number from 0 to 15, or all, not {text!r}")
    return int(text)
