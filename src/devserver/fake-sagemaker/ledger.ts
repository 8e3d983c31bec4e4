/** One call that could change something. */
export interface LedgerEntry {
  readonly operation: string;
  /** Name of the thing, or its ARN for tags. */
  readonly name: string;
  /** Whether it changed something. */
  readonly effective: boolean;
  /** Error type, or how the answer was lost. */
  readonly refused?: string;
}

const CHANGES = /^(Create|Update|Delete|Add|Stop|Put|Register|Deregister|Set)/;
const NAMES = [
  'EndpointName',
  'EndpointConfigName',
  'ModelName',
  'ProcessingJobName',
  'TrainingJobName',
  'ResourceArn',
  'AlarmName',
  'AlarmNames',
  'PolicyName',
  'ResourceId',
];

/** Every mutating call, in order, with whether it had an effect. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];

  record(operation: string, input: Readonly<Record<string, unknown>>, outcome: Outcome): void {
    if (!CHANGES.test(operation)) return;
    const name = NAMES.map((field) => input[field]).find((value) => value !== undefined);
    const shown = typeof name === 'string' ? name : JSON.stringify(name ?? null);
    this.#entries.push({ operation, name: shown, ...outcome });
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** Operations that changed something, in order, but for tags. */
  get effects(): string[] {
    return this.#entries
      .filter(({ effective, operation }) => effective && operation !== 'AddTags')
      .map(({ operation }) => operation);
  }
}

type Outcome = Pick<LedgerEntry, 'effective' | 'refused'>;
