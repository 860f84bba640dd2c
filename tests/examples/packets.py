"""Messages as Mien sends them, decoded again, for examples that are tried without their program."""

from collections.abc import Callable

from installation.showcontrol.show_control import ShowControl
from tests.showcontrol.osc_states import bundles_of, decode, send_everything

Message = tuple[str, list]


def messages_of(do: Callable[[ShowControl], None] = send_everything) -> list[Message]:
    """What is sent while ``do`` runs, each message (address with prefix, arguments) as often as it goes out."""
    return [message for bundle in bundles_of(do) for message in decode(bundle.packets())]
