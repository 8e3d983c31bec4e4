// One embedded service on a home of its own, and runs of compiled files through the real client and worker.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AnnealClient } from '../../src/client/index.js';
import { loadSettings } from '../../src/config/index.js';
import type { RunOptions, RunView } from '../../src/contract/index.js';
import { openService, type ServiceLease } from '../../src/devserver/index.js';
import { isAnnealError, type AnnealError } from '../../src/errors/index.js';
import { checkParameters } from '../../src/ir/index.js';
import { readPipeline, writePipeline } from '../../src/ir/yaml/index.js';
import { openStore } from '../../src/storage/index.js';
import type { JsonObject } from '../../src/util/index.js';

/** How a pipeline can end; `refused`: before anything starts. */
export type End = 'succeeded' | 'failed' | 'refused';

/** How a file ended. */
export interface FileEnd {
  readonly state: End | 'canceled';
  readonly seconds: number;
  /** `E_CODE: message` of a refusal or failure. */
  readonly reason?: string;
  readonly code?: string;
  readonly view?: RunView;
}

/** Files of a home, by path: secrets, config maps, image rules. */
export type HomeFiles = Readonly<Record<string, string>>;

export class PipelineService {
  private constructor(
    readonly folder: string,
    private readonly client: AnnealClient,
    private readonly lease: ServiceLease,
  ) {}

  /**
   * Starts the service.
   * @param python  the base environment's Python
   * @param further  settings beside the home
   */
  static async open(
    python: string,
    files: HomeFiles = {},
    further: NodeJS.ProcessEnv = {},
  ): Promise<PipelineService> {
    const folder = mkdtempSync(path.join(tmpdir(), 'anneal-pipelines-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const variables = { ANNEAL_HOME: folder, ANNEAL_PYTHON_ENV: python, ...further };
    const settings = loadSettings({ ...variables, PATH: process.env['PATH'] }, { cwd: folder });
    const lease = await openService(settings, { needWorkers: true });
    const store = await openStore(settings.store, settings);
    const client = await AnnealClient.connect({ ...lease.connection, store });
    return new PipelineService(folder, client, lease);
  }

  /** Runs one compiled file to its end, as `anneal run` does. */
  async run(file: string, parameters: JsonObject, options?: RunOptions): Promise<FileEnd> {
    const begin = performance.now();
    const seconds = (): number => (performance.now() - begin) / 1000;
    try {
      const view = await this.runToEnd(file, parameters, options);
      return { ...endOf(view), seconds: seconds(), view };
    } catch (error) {
      if (!isAnnealError(error)) throw error;
      return { state: 'refused', seconds: seconds(), ...reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.lease.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async runToEnd(
    file: string,
    parameters: JsonObject,
    options?: RunOptions,
  ): Promise<RunView> {
    const pipeline = readPipeline(readFileSync(file, 'utf8'), file);
    checkParameters(pipeline.spec, parameters);
    const name = pipeline.spec.pipelineInfo?.name ?? '';
    const { digest } = await this.client.publish({ name, text: writePipeline(pipeline) });
    const { runId } = await this.client.start({
      pipeline: { name, digest },
      parameters,
      options,
    });
    return this.client.result(runId, { intervalMs: [100, 1000] });
  }
}

/** A run that ended before its first task was refused by the worker. */
function endOf(view: RunView): Omit<FileEnd, 'seconds'> {
  const { status, error, tasks } = view;
  const reason = error && reasonOf(error);
  if (status === 'failed' && tasks.length === 0) return { state: 'refused', ...reason };
  if (status === 'running') throw new Error(`the run did not end: ${view.runId}`);
  return { state: status, ...reason };
}

function reasonOf(
  error: Pick<AnnealError, 'code' | 'message'> & { readonly task?: string },
): Pick<FileEnd, 'reason' | 'code'> {
  const place = error.task === undefined ? '' : `${error.task}: `;
  return { code: error.code, reason: `${error.code}: ${place}${error.message}` };
}
