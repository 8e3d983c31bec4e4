// The text of a pipeline file, which may be a pipe.
//
// F1. Never more is read than a pipeline may have: a huge file, or one without end, costs nothing.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { irErrors } from '../errors/index.js';
import { MAX_FILE_BYTES } from '../ir/yaml/index.js';

/** @throws E_TOO_LARGE; E_YAML when the file cannot be read */
export async function readPipelineFile(wanted: string, cwd: string): Promise<string> {
  const file = path.resolve(cwd, wanted);
  const sizeBytes = await orUnreadable(wanted, async () => (await stat(file)).size);
  if (sizeBytes > MAX_FILE_BYTES) throw irErrors.fileTooLarge(wanted, sizeBytes, MAX_FILE_BYTES);
  // One byte more than allowed, so that the reader of the text sees that there was more (F1).
  return orUnreadable(wanted, () => text(createReadStream(file, { end: MAX_FILE_BYTES })));
}

async function orUnreadable<Value>(wanted: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw irErrors.fileUnreadable(wanted, reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  return code === 'EISDIR' ? 'it is a folder' : message;
}
