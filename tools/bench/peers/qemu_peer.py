"""What QEMU's monitor says of page tables, and how long it works for that.

Reads JSON, a line each: first its task, a file that is the guest's physical memory and control registers; then commands of the monitor. Starts a guest
that never runs, puts the registers in through the gdb stub, and asks the monitor over QMP. Answers a command with what it said, and the nanoseconds of
QEMU's processor time.
"""

import glob
import json
import socket
import subprocess
import sys
import tempfile
import time

# Numbers of the registers in gdb's description of an x86-64 CPU.
CR0, CR3, CR4, EFER = 27, 29, 30, 32


def connect(path: str) -> socket.socket:
    for _ in range(200):
        try:
            client = socket.socket(socket.AF_UNIX)
            client.connect(path)
            return client
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nobody listens at {path}")


def gdb(stub: socket.socket, text: str) -> bytes:
    """Sends a packet and returns the answer: text between `$` and `#`, then two digits."""
    stub.sendall(f"${text}#{sum(text.encode()) & 255:02x}".encode())
    answer = b""
    while b"#" not in answer or len(answer.split(b"#")[1]) < 2:
        answer += stub.recv(65536)
    stub.sendall(b"+")
    return answer


def load_registers(stub: socket.socket, asked: dict) -> None:
    gdb(stub, "qSupported:xmlRegisters=i386")
    gdb(stub, "qXfer:features:read:target.xml:0,ffb")  # the stub knows control registers from then on
    for number, name in [(CR4, "cr4"), (CR3, "cr3"), (EFER, "efer"), (CR0, "cr0")]:
        if b"OK" not in gdb(stub, f"P{number:x}={asked[name].to_bytes(8, 'little').hex()}"):
            sys.exit(f"QEMU's gdb stub does not write {name}")


class Monitor:
    def __init__(self, client: socket.socket) -> None:
        self.file = client.makefile("rwb")
        self.version = json.loads(self.file.readline())["QMP"]["version"]["qemu"]
        self.execute("qmp_capabilities")

    def execute(self, command: str, **arguments: str):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                sys.exit(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]

    def say(self, line: str) -> str:
        return self.execute("human-monitor-command", **{"command-line": line})


def nanoseconds_of(pid: int) -> int:
    """Processor time of all threads of a process."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total


def measure(monitor: Monitor, pid: int, line: str) -> dict:
    before = nanoseconds_of(pid)
    text = monitor.say(line)
    return {"nanoseconds": nanoseconds_of(pid) - before, "text": text}


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        memory = f"memory-backend-file,id=ram,mem-path={asked['image']},share=off,size={asked['bytes']}"
        guest = ["qemu-system-x86_64", "-S", "-nodefaults", "-display", "none", "-accel", "tcg", "-cpu", "max"]
        sized = ["-m", str(asked["bytes"] >> 20), "-object", memory, "-machine", "pc,memory-backend=ram"]
        heard = ["-gdb", f"unix:{folder}/gdb,server=on,wait=off", "-qmp", f"unix:{folder}/qmp,server=on,wait=off"]
        qemu = subprocess.Popen([*guest, *sized, *heard])
        try:
            load_registers(connect(f"{folder}/gdb"), asked)
            monitor = Monitor(connect(f"{folder}/qmp"))
            version = ".".join(str(monitor.version[part]) for part in ["major", "minor", "micro"])
            print(json.dumps({"version": version}), flush=True)
            for command in sys.stdin:
                print(json.dumps(measure(monitor, qemu.pid, json.loads(command))), flush=True)
        finally:
            qemu.kill()
            qemu.wait()


main()
