import { deployErrors } from '../errors/index.js';

// Pattern and length of EndpointName in botocore's sagemaker/2017-07-24/service-2.json.
const ENDPOINT_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const ENDPOINT_NAME_MAX_LENGTH = 63;

/**
 * Checks an endpoint name by SageMaker's rule, which every target follows.
 *
 * @throws E_ENDPOINT_NAME
 */
export function assertEndpointName(name: string): void {
  if (name.length > ENDPOINT_NAME_MAX_LENGTH || !ENDPOINT_NAME.test(name)) {
    throw deployErrors.endpointNameRefused(name);
  }
}
