import { isAnnealError } from '../../errors/index.js';

/** One thing that Anneal needs of this machine. */
export interface DoctorFinding {
  readonly name: string;
  /** false: commands that need it fail. */
  readonly ok: boolean;
  /** What is there: a version, a path, or what is wrong. */
  readonly found: string;
  /** What mends it, when it is not ok: a command where there is one. */
  readonly fix?: string;
}

/** Makes a finding of a check: what it returns was found, what it throws is wrong. */
export async function finding(
  name: string,
  fix: string,
  check: () => Promise<string> | string,
): Promise<DoctorFinding> {
  try {
    return { name, ok: true, found: await check() };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { name, ok: false, found, fix: (isAnnealError(error) && error.hint) || fix };
  }
}
