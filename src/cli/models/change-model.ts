// Changes of what an endpoint serves, asked for by a person.

import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { AnnealClient } from '../../client/index.js';
import type { ModelChangeResult } from '../../contract/index.js';
import {
  archiveVersion,
  assertDeployable,
  chooseVersion,
  formerChampionOf,
  parseModelReference,
  showModel,
  type ModelVersionView,
  type ModelView,
} from '../../models/index.js';
import type { CliContext } from '../cli-context.js';
import { confirm } from '../confirm.js';
import { openWorkplace, withSession, type Workplace } from '../session.js';

export interface ChangeOptions {
  readonly reason?: string;
}

/** Puts a version live. @throws E_NOT_FOUND, E_DEPLOY_REFUSED, E_DEPLOY */
export async function promoteVersion(
  context: CliContext,
  reference: string,
  { reason }: ChangeOptions,
): Promise<number> {
  const workplace = await openWorkplace(context);
  const { name, version } = parseModelReference(reference);
  const model = await showModel(workplace.store, name);
  const chosen = chooseVersion(model, version);
  assertDeployable(chosen);
  return change(context, workplace, { model, chosen, verb: 'Promote' }, (client) =>
    client.models.promote(`${name}@${chosen.version}`, { by: userInfo().username, reason }),
  );
}

/** Puts the former champion live again. @throws E_NOT_FOUND; E_STATE when there is none; E_DEPLOY */
export async function rollBackModel(
  context: CliContext,
  name: string,
  { reason }: ChangeOptions,
): Promise<number> {
  const workplace = await openWorkplace(context);
  const model = await showModel(workplace.store, name);
  const chosen = formerChampionOf(model);
  assertDeployable(chosen);
  return change(context, workplace, { model, chosen, verb: 'Go back to' }, (client) =>
    client.models.rollback(name, { by: userInfo().username, reason }),
  );
}

/** Takes a version out of the running; needs no server. @throws E_NOT_FOUND; E_STATE for the champion */
export async function archiveOneVersion(
  context: CliContext,
  reference: string,
  { reason }: ChangeOptions,
): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const { name, version } = parseModelReference(reference);
  const chosen = chooseVersion(await showModel(store, name), version);
  await archiveVersion(store, {
    ...{ name, version: chosen.version, by: userInfo().username, cause: randomUUID() },
    ...(reason !== undefined && { reason }),
  });
  output.json({ name, version: chosen.version, stage: 'archived' });
  output.result(`${name}@${chosen.version} is archived.`);
}

interface Change {
  readonly model: ModelView;
  readonly chosen: ModelVersionView;
  readonly verb: string;
}

async function change(
  context: CliContext,
  workplace: Workplace,
  { model, chosen, verb }: Change,
  carryOut: (client: AnnealClient) => Promise<ModelChangeResult>,
): Promise<number> {
  const { output } = context;
  const { name, version } = chosen;
  const instead = model.champion === undefined ? '' : ` instead of @${model.champion}`;
  const question = `${verb} ${name}@${version}${instead}?`;
  if (!(await confirm(context, question))) {
    output.message('Nothing was changed.');
    return 1;
  }
  const result = await withSession(context, workplace, true, ({ client }) => carryOut(client));
  output.json({ ...result, stage: 'champion' });
  const { url, unchanged } = result.deployment;
  const where = url === undefined ? '' : ` at ${url}`;
  const already = unchanged === true ? ', as it did before' : '';
  output.result(`Endpoint ${name} serves @${result.version}${where}${already}.`);
  return 0;
}
