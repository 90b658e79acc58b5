/**
 * `deno task capture`: the page tables of a running guest of QEMU, as a state that `audit` and `explain` read.
 *
 * @module
 */

import { capture, type Captured, type Wanted } from "./capture/capture.ts";
import { guardOf } from "./capture/guard.ts";
import { Gdb } from "./capture/gdb.ts";
import { GdbGuest } from "./capture/gdb_guest.ts";
import { type Guest, QmpGuest } from "./capture/guest.ts";
import { Qmp, QmpError } from "./capture/qmp.ts";
import { connect, parseSocket, type Socket } from "./capture/socket.ts";
import { stateFiles, writeState } from "./capture/write.ts";
import { onSignalEnd } from "./command/ending.ts";
import { type Arguments, type Command, integerOf, main, Misuse, pathOf } from "./command.ts";
import { printable } from "../chapters/recorded/files/printable.ts";

/** Nobody gives a guest more CPUs than this. */
const LAST_CPU = 4095;
const RUNS_ON = "the guest runs on";

/** The command. */
export const captureCommand: Command = {
  name: "capture",
  words: 1,
  options: [],
  values: ["out", "cpu", "description"],
  help:
    `Writes the page tables of a guest that runs in QEMU to a state that "audit" and "explain" read. The guest stands still
meanwhile and then runs on. Of its memory only the frames of its page tables are read; QEMU itself writes no file.

usage: deno task capture SOCKET [--out NAME.json] [--cpu N] [--description TEXT]

  SOCKET              where QEMU speaks QMP: the path of a Unix socket, or HOST:PORT; for a guest that has only a gdb
                      stub (-s, -gdb): gdb:HOST:PORT or gdb:PATH, say gdb:127.0.0.1:1234
  --out NAME.json     file for the registers; the frames go to NAME.pt.gz beside it (default: state.json)
  --cpu N             the CPU whose tables are wanted (default: 0); "all": every CPU that pages, all of one moment, as
                      NAME-cpu0.json, NAME-cpu1.json and so on
  --description TEXT  what ran, for the state's first line
  --help              print this

QEMU opens the socket if it is started with -qmp unix:qmp.sock,server=on,wait=off.

Exit codes: 0 done, 2 no QEMU there, a guest without paging, or a file that is there already;
130, 143 or 129: ended by a signal (INT, TERM, HUP). The guest runs on, however this ends.

example: deno task capture qmp.sock --out guest.json
`,
  async run(args, streams) {
    const [, stub, text = ""] = /^(gdb:)?(.*)$/s.exec(args.words[0] ?? "") ?? [];
    const socket = parseSocket(text);
    const place = socket.transport === "unix" ? { ...socket, path: pathOf(socket.path, streams) } : socket;
    const out = pathOf(args.values["out"]?.at(-1) ?? "state.json", streams);
    const { name } = stateFiles(out);
    using connection = await connected(place, textOf(socket).replace(/^\w+:/, ""));
    const wanted = { name, description: descriptionIn(args), cpu: cpuIn(args) };
    const captured = await guarded(`${stub ?? ""}${textOf(place)}`, guestOf(connection, stub !== undefined), wanted);
    for (const state of captured) {
      const path = `${out.slice(0, -`${name}.json`.length)}${state.name}.json`;
      await writeState(stateFiles(path), state);
      const { mode, frames, leaves } = state;
      streams.out(`${mode.id} paging, ${frames} page tables, ${leaves} leaves: ${printable(path)}\n`);
    }
    return 0;
  },
};

async function guestOf(connection: Deno.Conn, stub: boolean): Promise<Guest> {
  return stub ? new GdbGuest(new Gdb(connection)) : new QmpGuest(await Qmp.open(connection));
}

function cpuIn(args: Arguments): number | "all" {
  return args.values["cpu"]?.at(-1) === "all" ? "all" : integerOf(args, "cpu", LAST_CPU) ?? 0;
}

/** Captures. Whatever ends this process meanwhile, the guest runs on; a signal's line says so, or that it may not. */
async function guarded(socket: string, guest: Promise<Guest>, wanted: Wanted): Promise<Captured[]> {
  const controller = new AbortController();
  const { signal } = controller;
  const work = guest.then((it) => capture(it, { ...wanted, signal }, guardOf(socket)));
  const forget = onSignalEnd(async () => {
    controller.abort();
    return await work.then(
      () => RUNS_ON,
      (error) => error instanceof QmpError ? error.message : RUNS_ON,
    );
  });
  try {
    return await work;
  } catch (error) {
    throw error instanceof QmpError ? new Misuse(error.message) : error;
  } finally {
    forget();
  }
}

function descriptionIn({ values }: Arguments): string | undefined {
  const text = values["description"]?.at(-1);
  return text === undefined ? undefined : printable(text);
}

function textOf(socket: Socket): string {
  return socket.transport === "unix" ? `unix:${socket.path}` : `tcp:${socket.hostname}:${socket.port}`;
}

async function connected(socket: Socket, where: string): Promise<Deno.Conn> {
  try {
    return await connect(socket);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Misuse(`cannot connect to ${where}: ${reason}; is QEMU running with -qmp unix:PATH,server=on,wait=off?`);
  }
}

if (import.meta.main) await main(captureCommand);
