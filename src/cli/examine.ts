import type { Settings } from '../config/index.js';
import { runDoctor, type DoctorFinding } from '../devserver/index.js';
import { checkStoreAbilities, openStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import type { Output } from './output/output.js';
import { table } from './output/table.js';

const EXIT_ENVIRONMENT = 4;

/** Prints what this machine has and lacks. @returns 4 when something is missing */
export async function examine({ output, environment }: CliContext): Promise<number> {
  const settings = await cliSettings(environment);
  const findings = await runDoctor(settings, probeStore);
  const ok = findings.every((finding) => finding.ok);
  const { resultColors: colors } = output;
  output.json({ ok, findings });
  output.result(table(findings.map((finding) => findingRow(finding, colors))));
  for (const { name, fix } of findings.filter((finding) => !finding.ok)) {
    output.result(`\n${colors.bold(name)}: ${fix ?? 'see the message above'}`);
  }
  return ok ? 0 : EXIT_ENVIRONMENT;
}

async function probeStore(settings: Settings): Promise<string> {
  await checkStoreAbilities(await openStore(settings.store, settings));
  const place = settings.s3.endpoint ?? settings.s3.region ?? 'AWS';
  return `${settings.store} at ${place}: reads, writes, creates once`;
}

function findingRow({ name, ok, found }: DoctorFinding, colors: Output['colors']): string[] {
  return [ok ? colors.green('✓') : colors.red('✗'), name, found];
}
