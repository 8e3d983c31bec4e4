import type { OutputStreams } from './output/output.js';

/** What a command gets from the process it runs in. */
export interface CliEnvironment extends OutputStreams {
  readonly env: NodeJS.ProcessEnv;
  /** Working directory: relative paths of the user refer to it. */
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
}

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly quiet?: boolean;
  /** false with --no-color. */
  readonly color?: boolean;
}
