// Opens a store and makes one call, or with TIMES the same call with a number after its key until one fails.
// Prints how it ended as one line of JSON. Usage: node call.mjs STORE METHOD ARGUMENTS_JSON [TIMES]
import { openLocalStore } from '../src/storage/index.js';

const [root, method, parameters, times] = process.argv.slice(2);
const [key, ...others] = JSON.parse(parameters);
try {
  const store = await openLocalStore(root);
  if (times === undefined) await store[method](key, ...others);
  for (let number = 0; number < Number(times); number += 1) {
    await store[method](`${key}-${number}`, ...others);
  }
  console.log(JSON.stringify({ code: 'fine' }));
} catch ({ code, message, hint, retryable }) {
  console.log(JSON.stringify({ code, message, hint, retryable }));
}
