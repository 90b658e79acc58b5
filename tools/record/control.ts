/**
 * The file that the recorder and this program share: how far it is, and that it is to end.
 *
 * @module
 */

const WORDS = 6;
const STOP = 2;
const PAGE = 4096;

/** The progress of the recorder. */
export interface Progress {
  /** Stores of the whole guest, to within 65,536. */
  readonly stores: number;
  /** Records in the log. */
  readonly records: number;
  /** Whether it is asking QEMU for registers. */
  readonly asking: boolean;
  /** Number of the reason why it ended, as `END_REASONS` counts them from 1; 0 while it has not. */
  readonly ended: number;
}

/**
 * Makes a file of zeros that takes no room until it is written to.
 *
 * @param path A path where no file is.
 * @param bytes Its size.
 * @returns The file, open.
 */
export function sparseFile(path: string, bytes: number): Deno.FsFile {
  const file = Deno.openSync(path, { read: true, write: true, createNew: true });
  file.truncateSync(bytes);
  return file;
}

/** The file. */
export class Control implements Disposable {
  readonly #file: Deno.FsFile;

  /** @param path A path where no file is. */
  constructor(path: string) {
    this.#file = sparseFile(path, PAGE);
  }

  /** The progress of the recorder. */
  get progress(): Progress {
    const bytes = new Uint8Array(WORDS * 8);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.readSync(bytes);
    const [stores = 0, records = 0, , asking = 0, ended = 0] = Array.from(new BigUint64Array(bytes.buffer), Number);
    return { stores, records, asking: asking !== 0, ended };
  }

  /** Tells the recorder to end at the next store, and to ask for nothing any more. */
  stop(): void {
    this.#file.seekSync(STOP * 8, Deno.SeekMode.Start);
    this.#file.writeSync(new Uint8Array([1]));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
