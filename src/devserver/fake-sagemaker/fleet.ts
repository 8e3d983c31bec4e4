// The models of one configuration in service: which variant answers a request, and who gets a copy.
//
// N1. Shares are exact: of any number of requests in a row a variant gets its part, give or take one (smooth weighted
//     round robin, as nginx has it). AWS draws by chance; its shares are only near.

import type { DataCaptureConfig } from './data-capture.js';
import type { EndpointConfig, Variant } from './endpoint-config.js';
import type { HostedModel } from './model-host.js';

export interface Member {
  readonly variant: string;
  readonly weight: number;
  readonly model: HostedModel;
}

/** A production variant; what it is owed grows by its weight with every request, and falls when it answers one. */
interface WeightedMember extends Member {
  weight: number;
  /** Of an UpdateEndpointWeightsAndCapacities that is under way. */
  desiredWeight?: number;
  owed: number;
}

/** Weights as DescribeEndpoint has them. */
export interface VariantWeights {
  readonly current: number;
  readonly desired: number;
}

export class Fleet {
  readonly configName: string;
  readonly dataCapture?: DataCaptureConfig;
  readonly #members: readonly WeightedMember[];
  readonly #shadows: readonly Member[];
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
    this.#members = config.variants.map((variant) => ({ ...memberOf(variant), owed: 0 }));
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

  /** The variant that answers the next request (N1); undefined for a target that is none of its variants. */
  choose(target?: string): Member | undefined {
    if (target !== undefined) return this.#members.find(({ variant }) => variant === target);
    for (const member of this.#members) member.owed += member.weight;
    const chosen = this.#members.reduce((most, each) => (each.owed > most.owed ? each : most));
    chosen.owed -= this.#members.reduce((sum, { weight }) => sum + weight, 0);
    return chosen;
  }

  /** Shadows that get a copy of the next request. */
  copies(): Member[] {
    const count = this.#copied++;
    return this.#shadows.filter(
      ({ weight }) => Math.floor((count + 1) * weight) > Math.floor(count * weight),
    );
  }

  /** Weights of a production variant; undefined when it has none of that name. */
  weightsOf(variant: string): VariantWeights | undefined {
    const member = this.#members.find((each) => each.variant === variant);
    if (member === undefined) return undefined;
    return { current: member.weight, desired: member.desiredWeight ?? member.weight };
  }

  /** Takes over the weights that variants of the same names have in another fleet. */
  retainWeights(other: Fleet): void {
    for (const member of this.#members) {
      member.weight = other.weightsOf(member.variant)?.current ?? member.weight;
    }
  }

  /** Notes the weights that a change will bring; requests go on as before. */
  beginReweighing(wanted: ReadonlyMap<string, number>): void {
    for (const member of this.#members) member.desiredWeight = wanted.get(member.variant);
  }

  /** Brings the noted weights into force. */
  finishReweighing(): void {
    for (const member of this.#members) {
      Object.assign(member, { weight: member.desiredWeight ?? member.weight, owed: 0 });
      member.desiredWeight = undefined;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#members, ...this.#shadows].map(({ model }) => model.stop()));
  }
}
