import { validationError } from './api-error.js';

export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

/** What every kept thing has. */
export interface Resource {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
}

/** Things of one kind, by name as SageMaker compares names: without case. */
export class Resources<Kept extends Resource> {
  readonly #kept = new Map<string, Kept>();
  readonly #path: string;
  readonly #noun: string;

  /** @param path as in the ARN; @param noun as in AWS's messages */
  constructor(path: string, noun: string) {
    this.#path = path;
    this.#noun = noun;
  }

  arnOf(name: string): string {
    return `arn:aws:sagemaker:eu-central-1:123456789012:${this.#path}/${name.toLowerCase()}`;
  }

  assertAbsent(name: string): void {
    if (!this.#kept.has(name.toLowerCase())) return;
    throw validationError(`Cannot create already existing ${this.#noun} "${this.arnOf(name)}".`);
  }

  add(kept: Kept): void {
    this.#kept.set(kept.name.toLowerCase(), kept);
  }

  get(name: string): Kept {
    const found = this.#kept.get(name.toLowerCase());
    if (found !== undefined) return found;
    throw validationError(`Could not find ${this.#noun} "${this.arnOf(name)}".`);
  }

  remove(name: string): void {
    this.get(name);
    this.#kept.delete(name.toLowerCase());
  }

  all(): Kept[] {
    return [...this.#kept.values()];
  }
}

export function tagMap(tags: readonly TagInput[]): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Times as AWS JSON 1.1 has them: seconds since the epoch. */
export function seconds(ms: number): number {
  return ms / 1000;
}
