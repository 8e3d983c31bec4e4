// Application Auto Scaling: targets and policies are kept and compared; no instance is ever added.

import { ApiError } from './api-error.js';
import { unchanged, type Input, type Operations } from './operations.js';

const PLACE = ['ServiceNamespace', 'ResourceId', 'ScalableDimension'];

export class ScalingState {
  readonly #targets = new Map<string, Input>();
  readonly #policies = new Map<string, Input>();
  readonly #hasVariant: (resourceId: string) => boolean;

  /** @param hasVariant whether `endpoint/<name>/variant/<name>` is in service */
  constructor(hasVariant: (resourceId: string) => boolean) {
    this.#hasVariant = hasVariant;
  }

  readonly operations: Operations = {
    RegisterScalableTarget: (input) => this.#register(input),
    DescribeScalableTargets: ({ ResourceIds }) => ({
      ScalableTargets: [...this.#targets.values()].filter(({ ResourceId }) =>
        (ResourceIds as unknown[] | undefined)?.includes(ResourceId),
      ),
    }),
    DeregisterScalableTarget: (input) => this.#deregister(input),
    PutScalingPolicy: (input) => this.#putPolicy(input),
    DescribeScalingPolicies: ({ ResourceId }) => ({
      ScalingPolicies: [...this.#policies.values()].filter(
        (policy) => policy['ResourceId'] === ResourceId,
      ),
    }),
  };

  /** Whether a resource is registered. */
  has(resourceId: string): boolean {
    return [...this.#targets.values()].some(({ ResourceId }) => ResourceId === resourceId);
  }

  #register(input: Input): unknown {
    const { MinCapacity, MaxCapacity, ResourceId } = input as Record<string, number>;
    if (!this.#hasVariant(String(ResourceId))) {
      throw refusal('ValidationException', `No scalable resource found: ${ResourceId}`);
    }
    const earlier = this.#targets.get(placeOf(input));
    if (earlier === undefined && (MinCapacity === undefined || MaxCapacity === undefined)) {
      throw refusal('ValidationException', 'MinCapacity and MaxCapacity are required.');
    }
    const target = { ...earlier, ...input };
    if (JSON.stringify(earlier) === JSON.stringify(target)) return unchanged({});
    this.#targets.set(placeOf(input), target);
    return { ScalableTargetARN: 'arn:aws:application-autoscaling:eu-central-1:123456789012:t/1' };
  }

  #deregister(input: Input): unknown {
    if (!this.#targets.delete(placeOf(input))) {
      throw refusal('ObjectNotFoundException', 'No scalable target found.');
    }
    for (const [key, policy] of this.#policies) {
      if (placeOf(policy) === placeOf(input)) this.#policies.delete(key);
    }
    return {};
  }

  #putPolicy(input: Input): unknown {
    if (!this.#targets.has(placeOf(input))) {
      throw refusal('ObjectNotFoundException', 'No scalable target registered.');
    }
    const key = `${placeOf(input)}/${String(input['PolicyName'])}`;
    if (JSON.stringify(this.#policies.get(key)) === JSON.stringify(input)) return unchanged({});
    this.#policies.set(key, input);
    return { PolicyARN: `arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:${key}` };
  }
}

function placeOf(input: Input): string {
  return PLACE.map((name) => String(input[name])).join('/');
}

function refusal(type: string, message: string): ApiError {
  return new ApiError(type, message);
}
