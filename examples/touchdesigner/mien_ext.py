"""Mien for TouchDesigner: the extension MienExt of a Base COMP. README.md says which operators it needs.

    op.mien.Value('valence')                 a number or text as it was told last; None before
    op.mien.Value('emotions/happy')
    op.mien.Visitors                         numbers of those who are there, in order of arrival
    op.mien.Value('person/3/position/x')
    op.mien.Command('next_scene')            commands.tsv has them all
    op.mien.Set('scene/pace', 1.5)           settings: docs/reference/control.md

Numbers are also in the Table DAT ``values`` (name, value), for a DAT to CHOP; events in the Table DAT ``events``.
"""

PREFIX = "/mien"
MAX_EVENTS = 50


class MienExt:
    """Keeps what Mien told last, each event once, and sends what is asked of it.

    ``ownerComp`` has the Table DATs addresses (addresses.tsv), values and events, and the OSC Out DAT osc_out.
    """

    def __init__(self, ownerComp):
        self.ownerComp = ownerComp
        self.Visitors = []
        self._values = {}
        self._last = {}
        self._arguments = {}
        self._counted = set()
        table = ownerComp.op("addresses")
        for row in range(1, table.numRows):
            address, name = table[row, "address"].val, table[row, "name"].val
            self._arguments.setdefault(address, []).append(name)
            if table[row, "counted"].val == "1":
                self._counted.add(address)
        self._clear()

    def Receive(self, address, args):
        """One message of Mien's, with its arguments; others are passed over."""
        if not address.startswith(PREFIX + "/"):
            return
        path = address[len(PREFIX) :]
        if path == "/people/ids":
            self._keep_only([int(one) for one in args])
            return
        parts = path.split("/")
        is_person = parts[1] == "person" and len(parts) > 3
        row = "/".join(["", "person", "{id}", *parts[3:]]) if is_person else path
        if is_person and len(parts) > 5 and parts[3] == "joint":
            row = "/person/{id}/joint/{joint}"
        names = self._arguments.get(row)
        if names is None or len(names) != len(args):
            return
        if is_person:
            if int(parts[2]) not in self.Visitors:
                self.Visitors.append(int(parts[2]))
            names = [name.replace("{id}", parts[2]).replace("{joint}", parts[-1]) for name in names]
        if row in self._counted and not self._is_new(path, args[0]):
            return
        for name, value in zip(names, args):
            self._keep(name, value)
        if row in self._counted:
            self._tell(path, args)
        if path == "/state" and args[0] == "ended":
            self._clear()

    def Value(self, name):
        """What was told last under this name of addresses.tsv, a visitor's number in the place of {id}; None: nothing yet."""
        return self._values.get(name)

    def Command(self, name, *args):
        """Ask something of Mien: a command of commands.tsv and its argument, if it has one."""
        self.ownerComp.op("osc_out").sendOSC(PREFIX + "/" + name, list(args))

    def Set(self, setting, value):
        """Change a setting, such as 'scene/pace'; it ends at the next start unless Command('control/save') keeps it."""
        self.Command("control/" + setting, value)

    def _is_new(self, path, number):
        """Each event comes three times: only a number above all before it counts."""
        if number <= self._last.get(path, 0):
            return False
        self._last[path] = number
        return True

    def _keep(self, name, value):
        self._values[name] = value
        table = self.ownerComp.op("values")
        if isinstance(value, str):
            return
        if table.row(name) is None:
            table.appendRow([name, value])
        else:
            table[name, 1] = value

    def _keep_only(self, ids):
        """Who is not among these numbers has left: their values go with them."""
        gone = [one for one in self.Visitors if one not in ids]
        self.Visitors = [one for one in self.Visitors if one in ids]
        table = self.ownerComp.op("values")
        for one in gone:
            start = "person/{}/".format(one)
            for name in [name for name in self._values if name.startswith(start)]:
                del self._values[name]
                if table.row(name) is not None:
                    table.deleteRow(name)
            self._last = {path: number for path, number in self._last.items() if not path.startswith("/" + start)}

    def _tell(self, path, args):
        table = self.ownerComp.op("events")
        table.appendRow([path.strip("/"), *args[1:]])
        while table.numRows > MAX_EVENTS:
            table.deleteRow(0)

    def _clear(self):
        """After the end events count from 1 again, and visitors are numbered anew."""
        self._last = {}
        self._keep_only([])
