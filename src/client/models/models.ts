// Registered models, for programs: list, compare, put live, go back.
//
// R1. What the registry says is read from the store; what changes an endpoint is a workflow, which goes on when its
//     caller is gone.

import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import {
  MODEL_WORKFLOW,
  type ModelChangeRequest,
  type ModelChangeResult,
} from '../../contract/index.js';
import {
  archiveVersion,
  assertDeployable,
  chooseVersion,
  compareVersions,
  formerChampionOf,
  listModels,
  parseModelReference,
  showModel,
  type ModelVersionView,
  type ModelView,
  type VersionComparison,
} from '../../models/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { changeOutcome } from './change-outcome.js';

/** Who changes what serves, and why. */
export interface ModelChangeOptions {
  readonly by: string;
  readonly reason?: string;
  /** The same id changes something once; default: a new one. */
  readonly changeId?: string;
}

export interface ModelParts {
  readonly temporal: Client;
  readonly store: ArtifactStore;
  readonly taskQueue: string;
  /** Runs a call to the server, its errors mapped. */
  readonly call: <Result>(id: string, call: () => Promise<Result>) => Promise<Result>;
}

/** A worker that is lost is found so within a minute. */
const HEARTBEAT_SECONDS = 30;

export class Models {
  readonly #parts: ModelParts;

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  /** All models, by name. @throws E_RECORD */
  list(): Promise<readonly ModelView[]> {
    return listModels(this.#parts.store);
  }

  /** One model with its versions and its log. @throws E_NOT_FOUND */
  show(name: string): Promise<ModelView> {
    return showModel(this.#parts.store, name);
  }

  /** One version: `NAME@3`, `NAME@champion`, or `NAME` for the newest. @throws E_NOT_FOUND */
  async version(reference: string): Promise<ModelVersionView> {
    const { name, version } = parseModelReference(reference);
    return chooseVersion(await this.show(name), version);
  }

  /** Versions side by side; of a single model name, its champion and its newest version. @throws E_NOT_FOUND */
  async compare(references: readonly string[]): Promise<VersionComparison> {
    const versions: ModelVersionView[] = [];
    for (const reference of references) versions.push(await this.version(reference));
    return compareVersions(versions);
  }

  /**
   * Makes the endpoint of a model serve one of its versions.
   *
   * @throws E_NOT_FOUND; E_DEPLOY_REFUSED when the gate has not accepted it; E_DEPLOY when it does not serve
   */
  async promote(reference: string, options: ModelChangeOptions): Promise<ModelChangeResult> {
    const chosen = await this.version(reference);
    return this.#change(chosen, 'promote', options);
  }

  /** The version that a rollback would go back to. @throws E_NOT_FOUND; E_STATE when there is none */
  async formerChampion(name: string): Promise<ModelVersionView> {
    return formerChampionOf(await this.show(name));
  }

  /** Makes the endpoint serve the champion before this one. @throws E_STATE when there is none; as promote */
  async rollback(name: string, options: ModelChangeOptions): Promise<ModelChangeResult> {
    return this.#change(await this.formerChampion(name), 'rollback', options);
  }

  /** Takes a version out of the running. @throws E_NOT_FOUND; E_STATE for the champion */
  async archive(reference: string, options: ModelChangeOptions): Promise<void> {
    const { name, version } = await this.version(reference);
    const { by, reason, changeId: cause = randomUUID() } = options;
    await archiveVersion(this.#parts.store, { name, version, by, reason, cause });
  }

  async #change(
    version: ModelVersionView,
    change: ModelChangeRequest['change'],
    { by, reason, changeId = randomUUID() }: ModelChangeOptions,
  ): Promise<ModelChangeResult> {
    assertDeployable(version);
    const { temporal, taskQueue, call } = this.#parts;
    const { name } = version;
    const workflowId = `models/${name}/${changeId}`;
    const request: ModelChangeRequest = {
      ...{ name, version: version.version, change, changeId: workflowId, by },
      ...(reason !== undefined && { reason }),
      heartbeatSeconds: HEARTBEAT_SECONDS,
    };
    const handle = await call(workflowId, () =>
      temporal.workflow.start<(request: ModelChangeRequest) => Promise<ModelChangeResult>>(
        MODEL_WORKFLOW,
        {
          workflowId,
          taskQueue,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `${change} ${name}@${version.version}`,
          args: [request],
        },
      ),
    );
    return call(workflowId, () => changeOutcome(handle.result()));
  }
}
