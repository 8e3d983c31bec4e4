// Measuring for bin/bench.mjs.

/** Runs work and tells its wall time. @returns {Promise<{ seconds: number, result: unknown }>} */
export async function timed(work) {
  const begin = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begin) / 1000, result };
}

/** Does work again and again, one after the other. */
export async function times(count, work) {
  const results = [];
  for (let index = 0; index < count; index += 1) results.push(await work(index));
  return results;
}

/** The middle of an odd number of values. */
export function median(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}
