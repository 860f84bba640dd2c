"""``run.py sign FILE``: the sign for the entrance, to be printed."""

from __future__ import annotations

from argparse import Namespace

from installation.base.print_file import write_page
from installation.base.side_files import OutputError, check_place
from installation.base.side_files import words as disk_words
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.shared import BAD_INPUT, load_settings, say
from installation.config.load import ConfigError
from installation.config.notice import words_in
from installation.config.settings import Config
from installation.render.notice.sign import DPI, Sign, draw_sign

DRAFT = "The words are a draft and no legal advice: have them checked by whoever stands in for the exhibition."


def sign(argv: list[str], _stop: StopSignal) -> int:
    """Draw the sign and store it; gives the exit code."""
    args = cli.sign_parser().parse_args(argv)
    try:
        config = load_settings(args).config
    except ConfigError as error:
        say(f"The settings cannot be used:\n{error}")
        return BAD_INPUT
    try:
        check_place(args.file, "sign")
        return _draw(args, config)
    except OutputError as error:
        say(error)
    except OSError as error:
        say(f"{args.file} cannot be written: {disk_words(error)}")
    except ValueError as error:
        say(f"The sign cannot be drawn: {error}")
    return BAD_INPUT


def _draw(args: Namespace, config: Config) -> int:
    notice = config.notice
    said = tuple(words_in(notice, language, config.emotion.enabled) for language in notice.languages)
    stores_none = not config.output.record_camera
    drawn = draw_sign(Sign(said, stores_none, notice.responsible, notice.contact, notice.url, notice.font))
    write_page(args.file, drawn.rgb, DPI, said[0].title)
    print(f"written: {args.file} (A4, {', '.join(notice.languages)})\n{DRAFT}")
    for hint in _hints(config, drawn.missing, drawn.fits):
        say(f"note: {hint}")
    return 0


def _hints(config: Config, missing: str, fits: bool) -> list[str]:
    """What the artist may want to know of this page."""
    notice, hints = config.notice, []
    if missing:
        hints.append(f"no font of this machine has {missing[:20]}; install one, such as fonts-noto, or set notice.font")
    if not fits:
        hints.append("the words do not fit on the page; take fewer languages")
    if not (notice.responsible and notice.contact):
        hints.append("notice.responsible and notice.contact are not set: there are lines to write on instead")
    if not notice.url:
        hints.append("there is no code: --url or notice.url says where it leads")
    if config.output.record_camera:
        hints.append("output.record_camera is on, so the sign does not say that no pictures are stored")
    return hints
