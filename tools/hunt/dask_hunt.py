"""Runs the shards of a hunt on a Dask cluster and writes their lines one after the other.

    python tools/hunt/dask_hunt.py SCHEDULER SHARDS PARTS.jsonl -- --strategy filter-set-pte --runs 100000
    deno task hunt --merge PARTS.jsonl

Every worker needs Deno and a copy of this project, in the folder that --project names (this one by default). A shard whose worker dies is run again by
another worker: shards keep no state, so that running one twice changes nothing.
"""

import argparse
import pathlib
import subprocess
import sys

from dask.distributed import Client, as_completed

RETRIES = 5


def run_shard(project, shard, shards, arguments):
    """Runs one shard and returns its line."""
    command = ["deno", "task", "-q", "hunt", *arguments, "--shard", f"{shard}/{shards}", "--workers", "1"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")
    return done.stdout


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    own, arguments = sys.argv[1:], []
    if "--" in own:
        at = own.index("--")
        own, arguments = own[:at], own[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scheduler", help="address of the scheduler, such as tcp://127.0.0.1:8786")
    parser.add_argument("shards", type=int, help="number of shards: several for each worker")
    parser.add_argument("parts", type=pathlib.Path, help="file for the lines of the shards")
    parser.add_argument("--project", default=str(here), help="folder of the project on the workers")
    options = parser.parse_args(own)
    if options.shards < 1:
        parser.error(f"expected at least 1 shard but found {options.shards}")
    with Client(options.scheduler) as client, open(options.parts, "x", encoding="utf-8") as parts:
        futures = [
            client.submit(run_shard, options.project, shard, options.shards, arguments, retries=RETRIES, pure=False)
            for shard in range(1, options.shards + 1)
        ]
        for number, future in enumerate(as_completed(futures), 1):
            parts.write(future.result())
            parts.flush()
            print(f"{number} of {options.shards} shards", file=sys.stderr)


if __name__ == "__main__":
    main()
