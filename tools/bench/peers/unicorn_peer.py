"""Loads of a 32-bit PAE guest in Unicorn: an image of memory, registers, and how often which addresses are read.

Reads JSON, a line each: first its task, then orders. Answers an order with the nanoseconds of processor time and the sum of what was loaded. The
guest's loop is five instructions; what they take is part of the figure, as it is for whoever emulates a guest.
"""

import json
import sys
import time

import unicorn
from unicorn import Uc, UC_ARCH_X86, UC_MODE_32
from unicorn.x86_const import (
    UC_X86_REG_CR0,
    UC_X86_REG_CR3,
    UC_X86_REG_CR4,
    UC_X86_REG_EAX,
    UC_X86_REG_ECX,
    UC_X86_REG_ESI,
)


def loop_over(linear: int, pages: int) -> bytes:
    """add eax, [esi]; add esi, 4096; and esi, mask (back to the first page after the last); dec ecx; jnz to the first."""
    mask = linear | (pages * 4096 - 1)
    return bytes.fromhex("030681c60010000081e6") + mask.to_bytes(4, "little") + bytes.fromhex("4975ef")


class Guest:
    def __init__(self, task: dict) -> None:
        self.linear, self.code = task["linear"], task["code"]
        self.begin = self.linear + self.code
        self.pages = 0
        self.end = self.begin
        self.uc = Uc(UC_ARCH_X86, UC_MODE_32)
        self.uc.mem_map(0, task["bytes"])
        with open(task["image"], "rb") as image:
            self.uc.mem_write(0, image.read())
        self.uc.reg_write(UC_X86_REG_CR4, task["cr4"])
        self.uc.reg_write(UC_X86_REG_CR3, task["cr3"])
        self.uc.reg_write(UC_X86_REG_CR0, task["cr0"])

    def put_loop(self, pages: int) -> None:
        loop = loop_over(self.linear, pages)
        self.uc.mem_write(self.code, loop)
        self.end = self.begin + len(loop)
        self.uc.ctl_remove_cache(self.begin, self.end)
        self.pages = pages

    def load(self, pages: int, passes: int, offset: int) -> dict:
        if pages != self.pages:
            self.put_loop(pages)
        self.uc.reg_write(UC_X86_REG_EAX, 0)
        self.uc.reg_write(UC_X86_REG_ESI, self.linear + offset)
        self.uc.reg_write(UC_X86_REG_ECX, pages * passes)
        started = time.process_time_ns()
        self.uc.emu_start(self.begin, self.end)
        return {"nanoseconds": time.process_time_ns() - started, "checksum": self.uc.reg_read(UC_X86_REG_EAX)}


def main() -> None:
    guest = Guest(json.loads(sys.stdin.readline()))
    print(json.dumps({"version": unicorn.__version__}), flush=True)
    for order in sys.stdin:
        print(json.dumps(guest.load(**json.loads(order))), flush=True)


main()
