// Writes documents until it is killed; every document says how long it is and ends with "end".
// Usage: node write-documents.mjs STORE ROUND
import { openLocalStore } from '../src/storage/index.js';

const [root, round] = process.argv.slice(2);
const store = await openLocalStore(root);
for (let number = 0; ; number += 1) {
  const body = `${number} `.repeat(2_000_000);
  const document = Buffer.from(`${body.length}\n${body}end`);
  await store.put(`created/${round}/${number}`, document, { ifAbsent: true });
  await store.put(`replaced/${round}/${number}`, document);
}
