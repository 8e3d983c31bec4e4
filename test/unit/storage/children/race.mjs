// Waits for a line on stdin, then tries to create COUNT documents; prints the numbers it won.
// Usage: node race.mjs STORE NAME COUNT
import { once } from 'node:events';
import { openLocalStore } from '../src/storage/index.js';

const [root, name, count] = process.argv.slice(2);
const store = await openLocalStore(root);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const won = [];
for (let number = 0; number < Number(count); number += 1) {
  if (await store.put(`race/${number}`, name, { ifAbsent: true })) won.push(number);
}
process.stdout.write(`${JSON.stringify(won)}\n`);
process.exit(0);
