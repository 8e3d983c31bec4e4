// The KFP package that the SDK's compiler itself adds to every lightweight component.
//
// K1. `kfp==<version of the compiler> --no-deps` is the SDK's runtime, not a choice of the component's author:
//     a newer one of the same major version runs the component, as KFP's local runner does without a venv.
//     (KFP's own suite does the same: its files name releases that lack what they use.)
// K2. A kfp that the author asks for, with its dependencies or from another place, is installed as asked.

import type { InstallStep } from '../command/parse-preamble.js';

const PIN = /^kfp==(\d+)\.(\d+)\.(\d+)$/;
const COMPANION = /^typing-extensions\b.*python_version/;
const EXECUTOR = 'kfp.dsl.executor_main';

/**
 * Leaves out the SDK's own step when the base environment has that release or a newer one (K1).
 *
 * @param module     what runs the component; older releases have it elsewhere
 * @param installed  `name==version` lines of the base environment
 */
export function withoutSdkStep(
  steps: readonly InstallStep[],
  module: string | undefined,
  installed: readonly string[],
): readonly InstallStep[] {
  const base = installed.find((line) => line.startsWith('kfp=='));
  if (module !== EXECUTOR || base === undefined) return steps;
  return steps.filter((step) => !isCovered(step, base));
}

function isCovered(step: InstallStep, base: string): boolean {
  const isPlain = step.indexUrl === undefined && step.findLinks.length === 0 && !step.prereleases;
  const pins = step.requirements.filter((line) => !COMPANION.test(line));
  return step.noDeps && isPlain && pins.length === 1 && isSameOrNewer(base, pins[0]!);
}

function isSameOrNewer(base: string, pin: string): boolean {
  const [have, want] = [PIN.exec(base), PIN.exec(pin)].map((match) => match?.slice(1).map(Number));
  if (have === undefined || want === undefined || have[0] !== want[0]) return false;
  const difference = have[1]! - want[1]! || have[2]! - want[2]!;
  return difference >= 0;
}
