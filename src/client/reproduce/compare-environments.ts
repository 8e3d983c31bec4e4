import type { EnvironmentDescription } from '../../contract/index.js';
import type { RunLock } from '../../lineage/index.js';
import type { CauseDifference } from './cause-difference.js';

/** Names what differs between the environments in which the same tasks ran, each difference once. */
export function compareEnvironments(before: RunLock, after: RunLock): CauseDifference[] {
  const found = new Map<string, CauseDifference>();
  for (const earlier of before.tasks) {
    const later = after.tasks.find(({ task }) => task === earlier.task);
    const [left, right] = [earlier.environmentDigest, later?.environmentDigest];
    if (left === undefined || right === undefined || left === right) continue;
    const described = [before.environments[left], after.environments[right]] as const;
    for (const difference of namedDifferences(left, right, described)) {
      found.set(JSON.stringify(difference), difference);
    }
  }
  return [...found.values()];
}

function namedDifferences(
  before: string,
  after: string,
  [left, right]: readonly [EnvironmentDescription?, EnvironmentDescription?],
): CauseDifference[] {
  const kind = 'environment';
  const whole = { kind, name: 'digest', before, after };
  if (left === undefined || right === undefined) return [whole];
  const facts = (['python', 'implementation', 'platform', 'os'] as const)
    .filter((name) => left[name] !== right[name])
    .map((name) => ({ kind, name, before: left[name], after: right[name] }));
  const [packages, others] = [packagesOf(left), packagesOf(right)];
  const names = [...new Set([...packages.keys(), ...others.keys()])].sort();
  const changed = names
    .filter((name) => packages.get(name) !== others.get(name))
    .map((name) => ({ kind, name, before: packages.get(name), after: others.get(name) }));
  const all = [...facts, ...changed];
  return all.length === 0 ? [whole] : all;
}

/** `1.2.3 (sha256:…)` by lower-case name. */
function packagesOf({ packages }: EnvironmentDescription): Map<string, string> {
  return new Map(
    packages.map(({ name, version, sha256 }) => [
      name.toLowerCase(),
      sha256 === undefined ? version : `${version} (${sha256.slice(0, 12)})`,
    ]),
  );
}
