"""Loads of a 32-bit PAE guest in Unicorn: an image of memory, registers, and how often which addresses are read.

Reads a request as JSON from standard input and prints, for each list of loads, the nanoseconds of processor time of a load (the shortest of some
rounds) and the sum of what was loaded. The guest's loop is five instructions; what they take is part of the figure, as it is for whoever emulates a
guest.
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
    UC_X86_REG_MSR,
)

ROUNDS = 5
EFER = 0xC0000080


def loop_over(linear: int, pages: int) -> bytes:
    """add eax, [esi]; add esi, 4096; and esi, mask (back to the first page after the last); dec ecx; jnz to the first."""
    mask = linear | (pages * 4096 - 1)
    return bytes.fromhex("030681c60010000081e6") + mask.to_bytes(4, "little") + bytes.fromhex("4975ef")


def main() -> None:
    asked = json.load(sys.stdin)
    uc = Uc(UC_ARCH_X86, UC_MODE_32)
    uc.mem_map(0, asked["bytes"])
    with open(asked["image"], "rb") as image:
        uc.mem_write(0, image.read())
    uc.reg_write(UC_X86_REG_MSR, (EFER, asked["efer"]))
    uc.reg_write(UC_X86_REG_CR4, asked["cr4"])
    uc.reg_write(UC_X86_REG_CR3, asked["cr3"])
    uc.reg_write(UC_X86_REG_CR0, asked["cr0"])
    begin = asked["linear"] + asked["code"]
    answers = []
    for loads in asked["loads"]:
        loop = loop_over(asked["linear"], loads["pages"])
        uc.mem_write(asked["code"], loop)
        uc.ctl_remove_cache(begin, begin + len(loop))
        count = loads["passes"] * loads["pages"]
        rounds = []
        total = 0
        for _ in range(ROUNDS):
            uc.reg_write(UC_X86_REG_EAX, 0)
            uc.reg_write(UC_X86_REG_ESI, asked["linear"] + loads["offset"])
            uc.reg_write(UC_X86_REG_ECX, count)
            started = time.process_time_ns()
            uc.emu_start(begin, begin + len(loop))
            rounds.append((time.process_time_ns() - started) / count)
            total = uc.reg_read(UC_X86_REG_EAX)
        answers.append({"nanoseconds": min(rounds), "sum": total})
    print(json.dumps({"version": unicorn.__version__, "answers": answers}))


main()
