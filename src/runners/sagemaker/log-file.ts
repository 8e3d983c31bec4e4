import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

// 10 MB together, as other runners keep of what a task prints.
const HEAD_BYTES = 9_000_000;
const TAIL_BYTES = 1_000_000;

/** A log on this machine: its beginning as it comes, and its end; what lies between is left out. */
export class LogFile {
  private headBytes = 0;
  private tail: string[] = [];
  private tailBytes = 0;
  private droppedBytes = 0;

  constructor(private readonly file: string) {}

  /** Begins anew: a worker that adopts a job reads its whole log. */
  async open(): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    await writeFile(this.file, '', { mode: 0o600 });
  }

  async append(lines: readonly string[]): Promise<void> {
    let text = '';
    for (const line of lines) {
      const bytes = Buffer.byteLength(line) + 1;
      if (this.tail.length === 0 && this.headBytes + bytes <= HEAD_BYTES) {
        this.headBytes += bytes;
        text += `${line}\n`;
      } else this.keepInTail(line, bytes);
    }
    if (text !== '') await appendFile(this.file, text);
  }

  /** Writes the end, after a mark where something is missing. */
  async close(): Promise<void> {
    if (this.tail.length === 0) return;
    const mark =
      this.droppedBytes > 0
        ? [`[${this.droppedBytes} bytes are left out: see CloudWatch Logs]`]
        : [];
    await appendFile(this.file, `${[...mark, ...this.tail].join('\n')}\n`);
    this.tail = [];
  }

  private keepInTail(line: string, bytes: number): void {
    this.tail.push(line);
    this.tailBytes += bytes;
    while (this.tailBytes > TAIL_BYTES && this.tail.length > 1) {
      const droppedBytes = Buffer.byteLength(this.tail.shift()!) + 1;
      this.tailBytes -= droppedBytes;
      this.droppedBytes += droppedBytes;
    }
  }
}
