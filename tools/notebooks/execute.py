"""Executes notebooks in place, two at a time, and prints a line of JSON for each.

Arguments: the folder that the kernels start in, then the notebooks.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.client import CellExecutionComplete

CELL_SECONDS = 60
LATE_SECONDS = 1
KERNELS = 2


class PatientClient(NotebookClient):
    """Deno 2.9.6 may say that a cell is done before it sends all outputs. The last of them is the value: wait for it."""

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        await super()._async_poll_output_msg(parent_msg_id, cell, cell_index)
        deadline = time.monotonic() + LATE_SECONDS
        while (left := deadline - time.monotonic()) > 0 and not has_value(cell):
            try:
                message = await self.kc.iopub_channel.get_msg(timeout=left)
                if message["parent_header"].get("msg_id") == parent_msg_id:
                    self.process_message(message, cell, cell_index)
            except (Empty, CellExecutionComplete):
                pass


def has_value(cell) -> bool:
    return any(output["output_type"] in ("execute_result", "error") for output in cell["outputs"])


async def execute(path: Path, folder: str) -> dict:
    notebook = nbformat.read(path, as_version=4)
    started = []
    client = PatientClient(
        notebook,
        timeout=CELL_SECONDS,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": folder}},
        on_cell_start=lambda cell, cell_index: started.append(cell["id"]),
    )
    begin = time.monotonic()
    error = None
    try:
        await client.async_execute()
    except Exception as problem:  # whatever it is, the notebook did not run through
        error = {"cell": started[-1] if started else "", "message": str(problem)}
    nbformat.write(notebook, path)
    return {"name": path.stem, "seconds": time.monotonic() - begin, "error": error}


async def main(folder: str, paths: list[str]) -> None:
    places = asyncio.Semaphore(KERNELS)

    async def in_turn(path: str) -> None:
        async with places:
            print(json.dumps(await execute(Path(path), folder)), flush=True)

    await asyncio.gather(*map(in_turn, paths))


asyncio.run(main(sys.argv[1], sys.argv[2:]))
