// The variant beside which a candidate is to serve.
//
// B1. It is looked for while nothing changes at the endpoint, so that a deployment which is begun again in the middle
//     finds the same one: the live variant of a split or of a shadow's configuration is the one from before.
// B2. A model is no company for itself: the first one of an endpoint, and the live one deployed again, serve alone.

import { DescribeEndpointConfigCommand, type ProductionVariant } from '@aws-sdk/client-sagemaker';
import { patienceOf, type Deployment } from './deployment.js';
import { endpointAtRest } from './endpoint-at-rest.js';
import { MODEL_TAG } from './tags.js';
import { VARIANT } from './variant-name.js';

/** The variant now live, where the policy wants one beside the candidate; none when it is to serve alone (B1, B2). */
export async function findChampion({
  aws: { sagemaker },
  caller,
  request: { endpointName, modelDigest, sagemaker: policy },
  options,
}: Deployment): Promise<ProductionVariant | undefined> {
  if (policy?.shadow === undefined && policy?.split === undefined) return undefined;
  const facts = await endpointAtRest(sagemaker, caller, endpointName, patienceOf(options));
  if (facts === undefined || facts.status === 'Failed') return undefined;
  if (facts.tags.get(MODEL_TAG) === modelDigest) return undefined;
  const config = await caller.repeat(() =>
    sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: facts.configName })),
  );
  const variants = config?.ProductionVariants ?? [];
  return variants.find(({ VariantName }) => VariantName === VARIANT) ?? variants[0];
}
