// Decides how a container spec is run without its container, or refuses it.
//
// N1. Refusal (E_IMAGE) comes before anything is started or built.

import path from 'node:path';
import { imageNeedsDocker } from '../../errors/task.js';
import type { ContainerChoice } from '../runner.js';
import { findOnPath } from './find-on-path.js';
import { imageStandIn, ruleFor, shellIsBash, type ImageRule } from './image-rules.js';
import { parseCommand, type ParsedCommand } from '../command/parse-command.js';
import { requirementStep } from '../command/parse-preamble.js';

export interface LaunchPlan extends ParsedCommand {
  /** The code comes from Anneal's python-tasks folder. */
  readonly usesTasks: boolean;
  /** Python that a rule of the user's names for the image. */
  readonly python?: string;
}

export interface LaunchOptions {
  /** Base environment's Python; its folder comes first in PATH. */
  readonly basePython: string;
  readonly imageRules?: readonly ImageRule[];
}

/**
 * Plans the launch of one container spec.
 * @throws E_IMAGE
 */
export async function planLaunch(
  spec: ContainerChoice,
  options: LaunchOptions,
): Promise<LaunchPlan> {
  const rule = ruleFor(spec.image, options.imageRules ?? []);
  if (rule?.use === 'refuse') throw imageNeedsDocker(spec.image, 'a rule of images.yaml says so');
  const standIn = imageStandIn(spec.image);
  const usesTasks = rule === undefined && standIn === 'anneal-tasks';
  const plan = withRule({ ...parseCommand(spec.command, spec.args), usesTasks }, rule);
  if (usesTasks || bringsItsProgram(plan)) return plan;
  if (plan.program.kind === 'python') {
    if (rule !== undefined) return plan;
    throw imageNeedsDocker(spec.image, 'the code of the component is inside the image');
  }
  if (rule === undefined && standIn === 'unknown' && plan.install.length === 0) {
    throw imageNeedsDocker(spec.image, 'it is none of the images a process can stand in for');
  }
  return withShell(plan, spec.image, await foldersOf(plan, spec.image, options));
}

function withRule(plan: LaunchPlan, rule: ImageRule | undefined): LaunchPlan {
  if (rule === undefined) return plan;
  const { python, requirements } = rule;
  const install = requirements ? [requirementStep(requirements), ...plan.install] : plan.install;
  return { ...plan, install, python };
}

function bringsItsProgram({ program }: LaunchPlan): boolean {
  return program.kind === 'python' && program.source !== undefined;
}

/** PATH of a plain command, which must be on it unless the image's environment may bring it. */
async function foldersOf(
  { program, install, python }: LaunchPlan,
  image: string,
  { basePython }: LaunchOptions,
): Promise<string> {
  const [command] = program.kind === 'command' ? program.argv : [];
  if (command === undefined) {
    throw imageNeedsDocker(image, 'it has no command; the image decides what runs');
  }
  const folders = [path.dirname(python ?? basePython), process.env.PATH ?? ''];
  const onPath = folders.join(path.delimiter);
  if (install.length === 0 && (await findOnPath(command, onPath)) === undefined) {
    throw imageNeedsDocker(image, `"${command}" is not on this machine`);
  }
  return onPath;
}

async function withShell(plan: LaunchPlan, image: string, onPath: string): Promise<LaunchPlan> {
  if (plan.program.kind !== 'command') return plan;
  const [command, ...args] = plan.program.argv;
  const isPlainShell = command === 'sh' || command === '/bin/sh';
  if (!isPlainShell || !shellIsBash(image)) return plan;
  if ((await findOnPath('bash', onPath)) === undefined) return plan;
  return { ...plan, program: { kind: 'command', argv: ['bash', ...args] } };
}
