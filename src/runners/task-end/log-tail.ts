import { open } from 'node:fs/promises';

const TAIL_BYTES = 8 * 1024;
const TAIL_LINES = 20;

/** Reads the last lines of a log, at most 20 of 8 KiB; empty when there is no log. */
export async function logTail(file: string): Promise<string> {
  let handle;
  try {
    handle = await open(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - start);
    await handle.read(buffer, 0, buffer.length, start);
    // NUL and other control characters would damage a terminal and are refused by Temporal's search.

    const text = buffer.toString('utf8').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '�');
    return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}
