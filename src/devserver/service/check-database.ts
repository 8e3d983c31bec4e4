import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { configErrors } from '../../errors/index.js';

const MAGIC = 'SQLite format 3\0';

/**
 * Refuses a server database that is visibly damaged. An absent one is fine: the server makes it.
 * A sound-looking file may still be damaged inside; the server's own refusal is explained by `explainServerExit`.
 *
 * @throws E_ENVIRONMENT when the file is no SQLite database, or shorter than its header says
 */
export function checkDatabase(file: string): void {
  if (!existsSync(file)) return;
  const header = readHeader(file);
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw configErrors.databaseDamaged(file, 'it is not an SQLite database');
  }
  const expected = expectedSize(header);
  const found = statSync(file).size;
  // With a journal the file is in the middle of a change that SQLite itself will undo.
  if (found < expected && !existsSync(`${file}-journal`) && !existsSync(`${file}-wal`)) {
    throw configErrors.databaseDamaged(file, `it has ${found} of ${expected} bytes`);
  }
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header;
}

// https://www.sqlite.org/fileformat2.html section 1.3: page size at offset 16 (1 means 65536), pages at 28,
// valid only when the change counters at 24 and 92 agree.
function expectedSize(header: Buffer): number {
  const pageSize = header.readUInt16BE(16);
  const isPageCountValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isPageCountValid ? header.readUInt32BE(28) * (pageSize === 1 ? 65_536 : pageSize) : 0;
}
