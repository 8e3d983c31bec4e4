import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { finding, type DoctorFinding } from './finding.js';

/** Node itself and, in a source checkout, its packages. */
export function checkNode(): Promise<DoctorFinding[]> {
  return Promise.all([
    finding('Node', 'Install Node 20.3 or newer.', describeNode),
    finding('Node packages', 'node bin/setup.mjs', describePackages),
  ]);
}

function describeNode(): string {
  const manifest = readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8');
  const { engines } = JSON.parse(manifest) as { engines: { node: string } };
  const wanted = numbers(engines.node);
  const found = numbers(process.versions.node);
  const isOld = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1]);
  if (isOld) throw new Error(`${process.versions.node}, but ${engines.node} is needed`);
  return `${process.versions.node} (${process.execPath})`;
}

function numbers(version: string): [number, number] {
  const [major = 0, minor = 0] = version.replace(/^\D+/, '').split('.').map(Number);
  return [major, minor];
}

function describePackages(): string {
  if (!existsSync(path.join(PACKAGE_ROOT, 'src'))) return 'as installed with the package';
  if (!existsSync(path.join(PACKAGE_ROOT, 'node_modules', '.anneal-setup'))) {
    throw new Error('not installed by the lockfile');
  }
  return 'as in package-lock.json';
}
