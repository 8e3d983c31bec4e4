// Decides how a container spec is run without its container, or refuses it.
//
// N1. Refusal (E_IMAGE) comes before anything is started or built.

import path from 'node:path';
import { imageNeedsDocker } from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import { findOnPath } from './find-on-path.js';
import { imageStandIn } from './image-rules.js';
import { parseCommand, type ParsedCommand } from './parse-command.js';

export interface LaunchPlan extends ParsedCommand {
  /** The code comes from Anneal's python-tasks folder. */
  readonly usesTasks: boolean;
}

/** What tells apart two containers that run different code. */
export type ContainerChoice = Pick<LaunchSpec, 'image' | 'command' | 'args'>;

/**
 * Plans the launch of one container spec.
 *
 * @param basePython path of the base environment's Python, whose folder comes first in PATH
 * @throws E_IMAGE
 */
export async function planLaunch(spec: ContainerChoice, basePython: string): Promise<LaunchPlan> {
  const parsed = parseCommand(spec.command, spec.args);
  const standIn = imageStandIn(spec.image);
  const usesTasks = standIn === 'anneal-tasks';
  const bringsItsProgram = parsed.program.kind === 'python' && parsed.program.source !== undefined;
  if (usesTasks || bringsItsProgram) return { ...parsed, usesTasks };
  if (parsed.program.kind === 'python') {
    throw imageNeedsDocker(spec.image, 'the code of the component is inside the image');
  }
  if (standIn === 'unknown' && parsed.install.length === 0) {
    throw imageNeedsDocker(spec.image, 'it is none of the images a process can stand in for');
  }
  const [command] = parsed.program.argv;
  if (command === undefined) {
    throw imageNeedsDocker(spec.image, 'it has no command; the image decides what runs');
  }
  const folders = [path.dirname(basePython), process.env.PATH ?? ''].join(path.delimiter);
  if ((await findOnPath(command, folders)) === undefined) {
    throw imageNeedsDocker(spec.image, `"${command}" is not on this machine`);
  }
  return { ...parsed, usesTasks };
}
