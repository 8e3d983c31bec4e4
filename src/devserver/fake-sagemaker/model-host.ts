// What answers for the models of the fake: programs, or words of a test.

/** A model as CreateModel described it. */
export interface HostedModelSpec {
  readonly name: string;
  /** `s3://` address of model.tar.gz. */
  readonly dataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Invocation {
  readonly contentType: string;
  readonly accept?: string;
  readonly body: Buffer;
}

export interface ModelAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Time the model took, as it counts in the metrics. */
  readonly latencyMs: number;
}

export interface HostedModel {
  /** Settles when it answers, with nothing, or with the reason why it never will. */
  readonly ready: Promise<string | undefined>;
  invoke(invocation: Invocation): Promise<ModelAnswer>;
  stop(): Promise<void>;
}

/** Starts models: a fleet of them for each configuration in service. */
export interface ModelHost {
  start(model: HostedModelSpec): HostedModel;
}

/** Answers by a script: no processes, for tests in virtual time. */
export class ScriptedModelHost implements ModelHost {
  readonly #answers = new Map<string, ScriptedAnswer>();

  /** What models answer that expect this digest; asked at every request. */
  answer(modelDigest: string, answer: ScriptedAnswer): void {
    this.#answers.set(modelDigest, answer);
  }

  start({ environment }: HostedModelSpec): HostedModel {
    const digest = environment['ANNEAL_EXPECT_DIGEST'] ?? '';
    return {
      ready: Promise.resolve(undefined),
      invoke: () => {
        const {
          prediction = 'nothing',
          status = 200,
          latencyMs = 5,
        } = this.#answers.get(digest)?.() ?? {};
        const body = status === 200 ? { predictions: [prediction] } : { error: 'it failed' };
        return Promise.resolve({
          status,
          contentType: 'application/json',
          body: Buffer.from(JSON.stringify(body)),
          latencyMs,
        });
      },
      stop: () => Promise.resolve(),
    };
  }
}

export type ScriptedAnswer = () => {
  readonly prediction?: unknown;
  readonly status?: number;
  readonly latencyMs?: number;
};
