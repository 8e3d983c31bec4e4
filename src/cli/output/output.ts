// Where a command's words go.
//
// O1. stdout carries the result and nothing else; with --json exactly one JSON document.
// O2. stderr carries progress and messages; --quiet silences progress, never an error.

import type { Writable } from 'node:stream';
import { createColors } from 'picocolors';

export interface OutputStreams {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

export class Output {
  /** Colours for stderr. */
  readonly colors: ReturnType<typeof createColors>;
  /** Colours for stdout: none when it is read by a program. */
  readonly resultColors: ReturnType<typeof createColors>;

  constructor(
    readonly streams: OutputStreams,
    readonly options: OutputOptions,
  ) {
    this.colors = createColors(options.color && streams.stderr.isTTY === true);
    this.resultColors = createColors(options.color && streams.stdout.isTTY === true);
  }

  /** Whether a person watches stderr. */
  get isInteractive(): boolean {
    return this.streams.stderr.isTTY === true && !this.options.quiet;
  }

  /** Writes the result for people; with --json it is left to `json` (O1). */
  result(text: string): void {
    if (!this.options.json) this.streams.stdout.write(`${text}\n`);
  }

  /** Writes the result for programs; only with --json (O1). */
  json(value: unknown): void {
    if (this.options.json) this.streams.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** Tells what is going on (O2). */
  progress(text: string): void {
    if (!this.options.quiet) this.streams.stderr.write(`${text}\n`);
  }

  /** Says something that --quiet does not silence (O2). */
  message(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }
}
