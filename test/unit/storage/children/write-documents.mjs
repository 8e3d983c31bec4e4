// Writes documents until it is killed; every document says how long it is and ends with "end".
// Prints one line a document. Usage: node write-documents.mjs STORE ROUND
import { openLocalStore } from '../src/storage/index.js';

const [root, round] = process.argv.slice(2);
const store = await openLocalStore(root);
for (let number = 0; ; number += 1) {
  const body = `${number} `.repeat(60_000);
  const document = `${body.length}\n${body}end`;
  await store.put(`created/${round}/${number}`, document, { ifAbsent: true });
  await store.put('replaced', document);
  process.stdout.write(`${number}\n`);
}
