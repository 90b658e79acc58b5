/**
 * `deno task capture`: the page tables of a running guest of QEMU, as a state that `audit` and `explain` read.
 *
 * @module
 */

import { capture } from "./capture/capture.ts";
import { Qmp, QmpError } from "./capture/qmp.ts";
import { parseSocket, type Socket } from "./capture/socket.ts";
import { stateFiles, writeState } from "./capture/write.ts";
import { type Arguments, type Command, integerOf, main, Misuse, pathOf, type Streams } from "./command.ts";
import { printable } from "../chapters/recorded/files/printable.ts";

/** Nobody gives a guest more CPUs than this. */
const LAST_CPU = 4095;
const INTERRUPTED = 130;

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

  SOCKET              where QEMU speaks QMP: the path of a Unix socket, or HOST:PORT
  --out NAME.json     file for the registers; the frames go to NAME.pt.gz beside it (default: state.json)
  --cpu N             the CPU whose tables are wanted (default: 0)
  --description TEXT  what ran, for the state's first line
  --help              print this

QEMU opens the socket if it is started with -qmp unix:qmp.sock,server=on,wait=off.

Exit codes: 0 done, 2 no QEMU there, a guest without paging, or a file that is there already, 130 interrupted.

example: deno task capture qmp.sock --out guest.json
`,
  async run(args, streams) {
    const socket = parseSocket(args.words[0] ?? "");
    const out = pathOf(args.values["out"]?.at(-1) ?? "state.json", streams);
    const files = stateFiles(out);
    const cpu = integerOf(args, "cpu", LAST_CPU) ?? 0;
    using connection = await connect(socket, streams);
    const interrupt = interruptable();
    try {
      const qmp = await Qmp.open(connection);
      const captured = await capture(qmp, {
        name: files.name,
        description: descriptionIn(args),
        cpu,
        signal: interrupt.signal,
      });
      await writeState(files, captured);
      const { mode, frames, leaves } = captured;
      streams.out(`${mode.id} paging, ${frames} page tables, ${leaves} leaves: ${printable(out)}\n`);
      return 0;
    } catch (error) {
      if (interrupt.signal.aborted) return INTERRUPTED;
      throw error instanceof QmpError ? new Misuse(error.message) : error;
    } finally {
      interrupt.end();
    }
  },
};

function descriptionIn({ values }: Arguments): string | undefined {
  const text = values["description"]?.at(-1);
  return text === undefined ? undefined : printable(text);
}

async function connect(socket: Socket, streams: Streams): Promise<Deno.Conn> {
  const where = socket.transport === "unix" ? socket.path : `${socket.hostname}:${socket.port}`;
  try {
    return await (socket.transport === "unix"
      ? Deno.connect({ transport: "unix", path: pathOf(socket.path, streams) })
      : Deno.connect(socket));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Misuse(`cannot connect to ${where}: ${reason}; is QEMU running with -qmp unix:PATH,server=on,wait=off?`);
  }
}

/** Ctrl-C must not leave a guest that stands still. */
function interruptable(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  Deno.addSignalListener("SIGINT", abort);
  return { signal: controller.signal, end: () => Deno.removeSignalListener("SIGINT", abort) };
}

if (import.meta.main) await main(captureCommand);
