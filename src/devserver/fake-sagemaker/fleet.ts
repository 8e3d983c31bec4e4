// The models of one configuration in service: which variant answers a request, and who gets a copy.

import type { DataCaptureConfig } from './data-capture.js';
import type { EndpointConfig } from './endpoint-config.js';
import type { HostedModel } from './model-host.js';

export interface Member {
  readonly variant: string;
  readonly weight: number;
  readonly model: HostedModel;
}

export class Fleet {
  readonly configName: string;
  readonly dataCapture?: DataCaptureConfig;
  readonly #members: readonly Member[];
  readonly #shadows: readonly Member[];
  #drawn = 0;
  #copied = 0;

  /** When the last of its models was ready, or failed; undefined before. */
  readyAtMs?: number;

  constructor(
    config: EndpointConfig,
    start: (modelName: string) => HostedModel,
    now: () => number,
  ) {
    this.configName = config.name;
    this.dataCapture = config.input['DataCaptureConfig'] as DataCaptureConfig | undefined;
    const memberOf = ({ VariantName, ModelName, InitialVariantWeight = 1 }: Variant): Member => ({
      variant: VariantName,
      weight: InitialVariantWeight,
      model: start(ModelName),
    });
    this.#members = config.variants.map(memberOf);
    this.#shadows = config.shadows.map(memberOf);
    void this.whyUnhealthy().then(() => {
      this.readyAtMs = now();
    });
  }

  /** Why it cannot come into service; undefined when it can. */
  async whyUnhealthy(): Promise<string | undefined> {
    const all = [...this.#members, ...this.#shadows];
    const problems = await Promise.all(all.map(({ model }) => model.ready));
    return problems.find((problem) => problem !== undefined);
  }

  /** The variant that answers the next request; undefined for a target that is none of its variants. */
  choose(target?: string): Member | undefined {
    if (target !== undefined) return this.#members.find(({ variant }) => variant === target);
    const total = this.#members.reduce((sum, { weight }) => sum + weight, 0);
    // Equal steps through the weights: shares are exact over a few requests, and the same in every run.
    let place = ((this.#drawn++ * 0.618034) % 1) * total;
    return this.#members.find(({ weight }) => (place -= weight) < 0) ?? this.#members[0];
  }

  /** Shadows that get a copy of the next request. */
  copies(): Member[] {
    const count = this.#copied++;
    return this.#shadows.filter(
      ({ weight }) => Math.floor((count + 1) * weight) > Math.floor(count * weight),
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#members, ...this.#shadows].map(({ model }) => model.stop()));
  }
}

interface Variant {
  readonly VariantName: string;
  readonly ModelName: string;
  readonly InitialVariantWeight?: number;
}
