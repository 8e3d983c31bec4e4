import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';

// Two files of this size at most; a serving program that floods its log fills no disk.
const LOG_MAX_BYTES = 5 * 2 ** 20;

/** A log file that moves its older half to `<path>.1` when it grows over 5 MiB. */
export class CappedLog {
  readonly #path: string;
  #stream: WriteStream;
  #sizeBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.#stream = this.#open();
  }

  write(chunk: Buffer): void {
    if (this.#sizeBytes + chunk.length > LOG_MAX_BYTES) this.#rotate();
    this.#sizeBytes += chunk.length;
    this.#stream.write(chunk);
  }

  close(): void {
    this.#stream.end();
  }

  #rotate(): void {
    this.#stream.end();
    try {
      renameSync(this.#path, `${this.#path}.1`);
    } catch {
      // the folder may be gone already; a log is never worth a failure
    }
    this.#stream = this.#open();
    this.#sizeBytes = 0;
  }

  #open(): WriteStream {
    return createWriteStream(this.#path, { flags: 'a', mode: 0o600 }).on('error', () => undefined);
  }
}
