/** Variables with which commands and workers deploy to a fake: no AWS is reached, no secret is in them. */
export function fakeVariables(url: string): Readonly<Record<string, string>> {
  return {
    ANNEAL_DEPLOY_TARGET: 'sagemaker',
    ANNEAL_SAGEMAKER_ROLE: 'arn:aws:iam::123456789012:role/anneal-serving',
    ANNEAL_SAGEMAKER_IMAGE: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/anneal-tasks:fake',
    ANNEAL_SAGEMAKER_BUCKET: 'anneal-models',
    ANNEAL_SAGEMAKER_REGION: 'eu-central-1',
    ANNEAL_SAGEMAKER_POLL_SECONDS: '0.5',
    ANNEAL_S3_ENDPOINT: url,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
  };
}
