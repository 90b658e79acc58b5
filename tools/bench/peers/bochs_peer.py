"""Loads of a 32-bit PAE guest in Bochs, which interprets a guest.

Reads JSON, a line each: first its task, then orders. Answers an order with the nanoseconds of processor time and the sum of what was loaded. Bochs
is started for an order and once more for twice as many loads: what the second takes longer is the time of the loads. It draws on a pseudo-terminal,
since its build has no display for a machine without a screen; its debugger is told to go on.
"""

import json
import os
import pty
import re
import struct
import sys
import tempfile

# Bochs does not load an image of more than 128 KiB whole.
IMAGE = 1 << 17
CONFIGURATION = """megs: {megs}
romimage: file={firmware}
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
{images}
display_library: term
log: log.txt
cpu: model=broadwell_ult, count=1, ips=50000000
clock: sync=none
parport1: enabled=1, file=sum.bin
"""


def written(memory: bytes) -> list:
    """Where memory is not zero: pieces, each up to the size that Bochs loads."""
    frames = [at for at in range(0, len(memory), 4096) if memory[at : at + 4096].strip(b"\0")]
    pieces = []
    for at in frames:
        if pieces and at + 4096 - pieces[-1][0] <= IMAGE:
            pieces[-1][1] = at + 4096
        else:
            pieces.append([at, at + 4096])
    return pieces


def start_bochs(folder: str) -> tuple:
    """Runs Bochs to its end; returns its nanoseconds of processor time and what it said."""
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            os.chdir(folder)
            os.environ["TERM"] = "linux"
            os.execvp("bochs", ["bochs", "-q", "-f", "bochsrc", "-rc", "debugger"])
        finally:
            os._exit(127)
    said = b""
    try:
        while piece := os.read(terminal, 1 << 16):
            said += piece
    except OSError:
        pass  # the other end of the terminal is closed
    _, _, usage = os.wait4(pid, 0)
    os.close(terminal)
    return round((usage.ru_utime + usage.ru_stime) * 1e9), said.decode(errors="replace")


class Guest:
    def __init__(self, folder: str, task: dict) -> None:
        self.folder, self.linear, self.order_at = folder, task["linear"], task["orderAt"]
        with open(task["image"], "rb") as image:
            self.memory = bytearray(image.read())
        self.pieces = written(self.memory)
        images = [f"optramimage{i + 1}: file={at}.bin, address={at}" for i, (at, _) in enumerate(self.pieces)]
        text = CONFIGURATION.format(megs=task["bytes"] >> 20, firmware=task["firmware"], images="\n".join(images))
        self.write("bochsrc", text.encode())
        self.write("debugger", b"c\n")
        for at, end in self.pieces:
            self.write(f"{at}.bin", self.memory[at:end])

    def write(self, name: str, data: bytes) -> None:
        with open(f"{self.folder}/{name}", "wb") as file:
            file.write(data)

    def run(self, pages: int, passes: int, offset: int) -> tuple:
        order = struct.pack("<III", self.linear + offset, self.linear | (pages * 4096 - 1), pages * passes)
        self.memory[self.order_at : self.order_at + len(order)] = order
        at, end = next(piece for piece in self.pieces if piece[0] <= self.order_at < piece[1])
        self.write(f"{at}.bin", self.memory[at:end])
        self.write("sum.bin", b"")
        nanoseconds, said = start_bochs(self.folder)
        with open(f"{self.folder}/sum.bin", "rb") as file:
            found = file.read()
        if len(found) != 4:
            sys.exit(f"Bochs sends no sum; it ends with: {said[-500:]}")
        return nanoseconds, int.from_bytes(found, "little")

    def version(self) -> str:
        with open(f"{self.folder}/log.txt") as log:
            return re.search(r"Bochs x86 Emulator (\S+)", log.read()).group(1)

    def load(self, pages: int, passes: int, offset: int) -> dict:
        once, found = self.run(pages, passes, offset)
        twice, doubled = self.run(pages, 2 * passes, offset)
        if doubled != 2 * found % (1 << 32):
            sys.exit("Bochs does not load the same twice")
        return {"nanoseconds": twice - once, "checksum": found}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        guest = Guest(folder, json.loads(sys.stdin.readline()))
        guest.run(pages=1, passes=1, offset=0)
        print(json.dumps({"version": guest.version()}), flush=True)
        for order in sys.stdin:
            print(json.dumps(guest.load(**json.loads(order))), flush=True)


main()
