"""The map of a 64-bit guest by volatility3's layer.

Reads JSON, a line each: first its task, a file that is the guest's physical memory and CR3; then a line for each map that is wanted. Answers with the
nanoseconds of processor time of the whole map, the number of 4K pages, and a sum over linear and physical page numbers.
"""

import json
import pathlib
import sys
import time

from volatility3.framework import constants, contexts
from volatility3.framework.layers import intel, physical


def layer_of(image: str, cr3: int) -> intel.Intel32e:
    context = contexts.Context()
    context.config["file.location"] = pathlib.Path(image).as_uri()
    context.add_layer(physical.FileLayer(context, "file", "file"))
    context.config["guest.memory_layer"] = "file"
    context.config["guest.page_map_offset"] = cr3
    return intel.Intel32e(context, "guest", "guest")


def measure(image: str, cr3: int) -> dict:
    layer = layer_of(image, cr3)
    started = time.process_time_ns()
    ranges = list(layer.mapping(0, 1 << 48, ignore_errors=True))
    nanoseconds = time.process_time_ns() - started
    pages = 0
    total = 0
    for linear, size, where, _, _ in ranges:
        for at in range(0, size, 4096):
            pages += 1
            total = (total * 31 + ((linear + at) >> 12) + ((where + at) >> 12) * 7) % (1 << 40)
    return {"nanoseconds": nanoseconds, "pages": pages, "sum": total}


def main() -> None:
    task = json.loads(sys.stdin.readline())
    print(json.dumps({"version": constants.PACKAGE_VERSION}), flush=True)
    for _ in sys.stdin:
        print(json.dumps(measure(task["image"], task["cr3"])), flush=True)


main()
