// One endpoint as its supervisor holds it: the record on disk, the router, the variant that serves.
//
// N3. The record is written before the router is switched: after a crash, what the record names is
//     what served last, or passed every check and was about to serve.
// N4. Only the current and the previous variant's bytes are kept, and those of a rollout that goes on.
// N5. A variant that is down leaves its share of requests to the other one.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndpointFolder } from './endpoint-folder.js';
import type { TrafficShare } from './choose-share.js';
import {
  writeEndpointRecord,
  type EndpointRecord,
  type RolloutRecord,
  type VariantRecord,
} from './endpoint-record.js';
import { callLoopback } from './loopback-call.js';
import { openCapture, type RequestCapture } from './request-capture.js';
import { MODEL_DIGEST_HEADER, type Router } from './router.js';
import { SerialQueue } from './serial-queue.js';
import { keepServing, type ServingKeeper } from './serving-keeper.js';
import { launchServing, type ServingProcess, type ServingProgram } from './serving-process.js';
import { TrafficCounter } from './traffic-counter.js';

/** How long the steps of a change may take, in milliseconds. */
export interface EndpointLimits {
  /** From the start of a serving process to its first answered /ping. */
  readonly startTimeoutMs: number;
  /** For requests that the retired variant is still answering. */
  readonly drainTimeoutMs: number;
  /** Between TERM and KILL. */
  readonly stopGraceMs: number;
}

/** A variant with its process taken care of. */
export interface LiveVariant {
  readonly variant: VariantRecord;
  readonly keeper: ServingKeeper;
  /** What it answered since it is taken care of. */
  readonly counter: TrafficCounter;
}

const ALL = 100;
const PUBLIC_CHECK_TIMEOUT_MS = 5_000;

export class Endpoint {
  readonly folder: EndpointFolder;
  readonly limits: EndpointLimits;
  readonly #router: Router;
  #record: EndpointRecord;
  #program: ServingProgram;
  #capture: RequestCapture | undefined;
  readonly #writes = new SerialQueue();
  #live: LiveVariant | undefined;
  /** The new model of a rollout that goes on, with its share of requests. */
  #green: { readonly live: LiveVariant; readonly percent: number } | undefined;

  constructor(parts: {
    readonly folder: EndpointFolder;
    readonly limits: EndpointLimits;
    readonly router: Router;
    readonly record: EndpointRecord;
    readonly program: ServingProgram;
  }) {
    this.folder = parts.folder;
    this.limits = parts.limits;
    this.#router = parts.router;
    this.#record = parts.record;
    this.#program = parts.program;
  }

  get record(): EndpointRecord {
    return this.#record;
  }

  get live(): LiveVariant | undefined {
    return this.#live;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#router.port}`;
  }

  /** Starts what the record says served last; until it answers, callers get 503. */
  resume(): void {
    this.#openCapture();
    if (this.#record.current !== undefined) this.#live = this.keep(this.#record.current);
  }

  /** Uses another serving program from the next start on; answers with the one before. */
  useProgram(program: ServingProgram): ServingProgram {
    const before = this.#program;
    this.#program = program;
    return before;
  }

  modelPath(variant: VariantRecord): string {
    return join(this.folder.variant(variant.id).folder, variant.modelName);
  }

  launch(variant: VariantRecord): Promise<ServingProcess> {
    const { folder, log } = this.folder.variant(variant.id);
    return launchServing({
      program: this.#program,
      modelPath: this.modelPath(variant),
      modelDigest: variant.modelDigest,
      allowPickle: variant.allowPickle,
      folder,
      logPath: log,
    });
  }

  /** Takes care of a variant, without routing to it yet when it is another than the live one. */
  keep(variant: VariantRecord, healthy?: ServingProcess): LiveVariant {
    const keeper: ServingKeeper = keepServing(
      {
        modelDigest: variant.modelDigest,
        startTimeoutMs: this.limits.startTimeoutMs,
        stopGraceMs: this.limits.stopGraceMs,
        launch: () => this.launch(variant),
        onChange: () => {
          if ([this.#live, this.#green?.live].some((each) => each?.keeper === keeper))
            this.#route();
        },
      },
      healthy,
    );
    return { variant, keeper, counter: new TrafficCounter() };
  }

  /** The new model of a rollout that goes on. */
  get green(): LiveVariant | undefined {
    return this.#green?.live;
  }

  /** Gives a new model its share of requests beside the live one, on disk first (N3). */
  async share(green: LiveVariant, rollout: RolloutRecord): Promise<void> {
    await this.#write((record) => ({ ...record, rollout }));
    this.#green = { live: green, percent: rollout.percent };
    this.#route();
  }

  /** Makes a variant (or none) the one that serves, on disk first (N3). */
  async switchTo(live: LiveVariant | undefined, record: EndpointRecord): Promise<void> {
    await this.#write(({ capture }) => ({ ...record, capture }));
    this.#live = live;
    this.#green = undefined;
    this.#route();
  }

  /** Keeps a share of requests for monitoring from now on, also after a restart; 0: none. */
  async captureShare(share: number): Promise<void> {
    await this.#write((record) => ({ ...record, capture: share > 0 ? { share } : undefined }));
    this.#openCapture();
  }

  #openCapture(): void {
    this.#capture?.close();
    const { capture } = this.#record;
    this.#capture = capture && openCapture(this.folder.capture, capture.share);
    this.#router.capture(this.#capture);
  }

  /** One after another: a change of the capture may come in the middle of a deployment. */
  #write(change: (record: EndpointRecord) => EndpointRecord): Promise<void> {
    return this.#writes.run(async () => {
      const record = change(this.#record);
      await writeEndpointRecord(this.folder.record, record);
      this.#record = record;
    });
  }

  /** N5 */
  #route(): void {
    const percent = this.#green?.percent ?? 0;
    this.#router.route([
      ...shareOf(this.#live, ALL - percent),
      ...shareOf(this.#green?.live, percent),
    ]);
  }

  /** Lets a variant that serves no more answer what it has begun, then ends it. */
  async retire(retired: LiveVariant): Promise<void> {
    const upstream = retired.keeper.upstream();
    if (upstream !== undefined) await this.#router.drained(upstream, this.limits.drainTimeoutMs);
    await retired.keeper.stop();
  }

  /** Digest of the model that answers on the public port; undefined when none does. */
  async answeringDigest(): Promise<string | undefined> {
    const answer = await callLoopback({
      port: this.#router.port,
      method: 'GET',
      path: '/ping',
      timeoutMs: PUBLIC_CHECK_TIMEOUT_MS,
    }).catch(() => undefined);
    const digest = answer?.status === 200 ? answer.headers[MODEL_DIGEST_HEADER] : undefined;
    return typeof digest === 'string' ? digest : undefined;
  }

  /** Removes the bytes of all variants but the current and the previous one (N4). */
  async forgetOtherVariants(): Promise<void> {
    await mkdir(this.folder.variants, { recursive: true, mode: 0o700 });
    const { current, previous, rollout } = this.#record;
    const kept = [current?.id, previous?.id, rollout?.variant.id];
    const others = (await readdir(this.folder.variants)).filter((id) => !kept.includes(id));
    await Promise.all(
      others.map((id) => rm(this.folder.variant(id).folder, { recursive: true, force: true })),
    );
  }

  /** Ends the serving process, then closes the public port. */
  async close(): Promise<void> {
    if (this.#live !== undefined) await this.retire(this.#live);
    await this.#router.close();
    this.#capture?.close();
  }
}

/**
 * A variant without a share still stands by: it gets what comes while the other one is down (N5).
 */
function shareOf(live: LiveVariant | undefined, percent: number): TrafficShare[] {
  const upstream = live?.keeper.upstream();
  if (live === undefined || upstream === undefined) return [];
  return [{ upstream, percent, counter: live.counter }];
}
