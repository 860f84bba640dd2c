"""A floor with people on it, two machines that see it, and a piece that joins them without knowing where they look."""

from pathlib import Path

from tests.desk.piece import PieceWithDesk
from tests.perception.several.machine import LOCAL, Machine, free_port_and_next
from tests.perception.several.virtual import AREA_M, Camera, Walker

# Both see the whole area.
LEFT, RIGHT = Camera("left", (-2.5, 7.5, 2.6)), Camera("right", (8.5, 7.5, 2.6))


class JoinedStage:
    """``stand`` says who is there; ``piece`` is the whole piece with its desk."""

    def __init__(self, folder: Path) -> None:
        self._people: list[Walker] = []
        self.machines = {camera.name: Machine(camera, free_port_and_next(), self._people) for camera in (LEFT, RIGHT)}
        join = [{"name": name, "address": f"{LOCAL}:{machine.port}"} for name, machine in self.machines.items()]
        try:
            self.piece = PieceWithDesk(
                folder, {"capture": {"source": "joined"}, "eyes": {"area_m": list(AREA_M), "join": join}}
            )
        except BaseException:
            self._end_machines()
            raise

    def stand(self, *spots: tuple[float, float]) -> None:
        """These are where somebody stands from now on, metres of the area; none: nobody is there."""
        self._people[:] = [Walker([spot, spot], 0.0) for spot in spots]

    def end(self) -> int:
        """Gives the piece's exit code."""
        try:
            return self.piece.end()
        finally:
            self._end_machines()

    def _end_machines(self) -> None:
        for machine in self.machines.values():
            machine.end()
