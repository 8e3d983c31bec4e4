// A task's log on disk, bounded whatever the task prints; the Python side is capped_log.py.
//
// L1. The file never holds more than the limit plus one marker line; memory holds one chunk.
// L2. The first half of the limit is what the task printed first, the rest what it printed last.
// L3. Bytes are kept as they come: no decoding, no line splitting.
// L4. Each writer has files of its own: one that was forgotten cannot write into its successor's.

import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** 10 MB: head and tail of what a task prints. */
export const LOG_LIMIT_BYTES = 10_000_000;

const COPY_BYTES = 64 * 1024;

export class CappedLog {
  private headRoom: number;
  private readonly tailBytes: number;
  /** The one that is written to comes first. */
  private segments: [string, string];
  private segment: FileHandle | undefined;
  private segmentSize = 0;
  private beyondHead = 0;

  private constructor(
    private readonly head: FileHandle,
    scratch: string,
    limitBytes: number,
  ) {
    this.headRoom = Math.floor(limitBytes / 2);
    this.tailBytes = limitBytes - this.headRoom;
    const own = path.join(scratch, `log-${randomUUID()}`);
    this.segments = [`${own}-a`, `${own}-b`];
  }

  /**
   * Begins a log afresh (L4).
   *
   * @param scratch     folder of the same file system, for the tail until `close`
   * @param limitBytes  most bytes kept, at least 4
   */
  static async open(
    file: string,
    scratch: string,
    limitBytes = LOG_LIMIT_BYTES,
  ): Promise<CappedLog> {
    const fresh = path.join(scratch, `log-${randomUUID()}`);
    const head = await open(fresh, 'wx', 0o600);
    await rename(fresh, file);
    return new CappedLog(head, scratch, limitBytes);
  }

  /** Adds bytes (L3). */
  async write(chunk: Uint8Array): Promise<void> {
    const head = chunk.subarray(0, this.headRoom);
    if (head.length > 0) await writeAll(this.head, head);
    this.headRoom -= head.length;
    for (let start = head.length; start < chunk.length; start += this.tailBytes) {
      await this.writeTail(chunk.subarray(start, start + this.tailBytes));
    }
  }

  /** Joins head, marker and tail into the one file (L1, L2). */
  async close(): Promise<void> {
    try {
      if (this.segment !== undefined) {
        await this.segment.close();
        await this.join();
      }
    } finally {
      await this.head.close();
    }
  }

  private async writeTail(chunk: Uint8Array): Promise<void> {
    if (this.segment === undefined || this.segmentSize >= this.tailBytes) await this.turn();
    await writeAll(this.segment!, chunk);
    this.segmentSize += chunk.length;
    this.beyondHead += chunk.length;
  }

  private async turn(): Promise<void> {
    if (this.segment !== undefined) {
      await this.segment.close();
      this.segments = [this.segments[1], this.segments[0]];
    }
    this.segment = await open(this.segments[0], 'w', 0o600);
    this.segmentSize = 0;
  }

  private async join(): Promise<void> {
    const [latest, earlier] = this.segments;
    const sizes = [await sizeOf(earlier), await sizeOf(latest)];
    const kept = sizes[0]! + sizes[1]!;
    const skip = Math.max(0, kept - this.tailBytes);
    const leftOut = this.beyondHead - kept + skip;
    if (leftOut > 0) {
      await writeAll(this.head, Buffer.from(`\n[anneal: ${leftOut} bytes of log left out here]\n`));
    }
    await this.append(earlier, Math.min(skip, sizes[0]!));
    await this.append(latest, Math.max(0, skip - sizes[0]!));
  }

  private async append(segment: string, from: number): Promise<void> {
    const source = await open(segment).catch(() => undefined);
    if (source === undefined) return;
    try {
      const chunk = Buffer.alloc(COPY_BYTES);
      for (let position = from; ;) {
        const { bytesRead } = await source.read(chunk, 0, chunk.length, position);
        if (bytesRead === 0) break;
        await writeAll(this.head, chunk.subarray(0, bytesRead));
        position += bytesRead;
      }
    } finally {
      await source.close();
      await rm(segment, { force: true });
    }
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
