/** What a machine has, or a task asks for. */
export interface Amount {
  /** Thousandths of a core. */
  readonly milliCpus: number;
  readonly memoryBytes: number;
  readonly accelerators: number;
}

export const NOTHING: Amount = { milliCpus: 0, memoryBytes: 0, accelerators: 0 };

export function plus(left: Amount, right: Amount): Amount {
  return combine(left, right, (a, b) => a + b);
}

export function minus(left: Amount, right: Amount): Amount {
  return combine(left, right, (a, b) => a - b);
}

export function times(amount: Amount, count: number): Amount {
  return combine(amount, amount, (a) => a * count);
}

/** The smaller of both, in each respect. */
export function atMost(amount: Amount, limit: Amount): Amount {
  return combine(amount, limit, Math.min);
}

export function fits(amount: Amount, free: Amount): boolean {
  return (
    amount.milliCpus <= free.milliCpus &&
    amount.memoryBytes <= free.memoryBytes &&
    amount.accelerators <= free.accelerators
  );
}

/** In words: `2 CPUs, 4.0 GiB of memory and 1 accelerator`. */
export function describeAmount({ milliCpus, memoryBytes, accelerators }: Amount): string {
  const cpus = milliCpus / 1000;
  const gibibytes = memoryBytes / 2 ** 30;
  const parts = [
    `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`,
    `${gibibytes < 1 ? `${Math.ceil(memoryBytes / 2 ** 20)} MiB` : `${gibibytes.toFixed(1)} GiB`} of memory`,
  ];
  if (accelerators > 0)
    parts.push(`${accelerators} ${accelerators === 1 ? 'accelerator' : 'accelerators'}`);
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

function combine(
  left: Amount,
  right: Amount,
  each: (left: number, right: number) => number,
): Amount {
  return {
    milliCpus: each(left.milliCpus, right.milliCpus),
    memoryBytes: each(left.memoryBytes, right.memoryBytes),
    accelerators: each(left.accelerators, right.accelerators),
  };
}
