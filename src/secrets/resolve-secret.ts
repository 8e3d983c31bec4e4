// Gets the value of a secret at the moment it is needed.
//
// S1. Values are never kept, logged or put into errors; only the name of the place is.

import { readFile } from 'node:fs/promises';
import { parseSecretReference, type SecretReference } from '../config/index.js';
import { configErrors } from '../errors/index.js';

/**
 * Reads the secret that a reference names.
 *
 * @param reference  `env:NAME`, `file:/path`, `aws:SECRET-ID#key`, `kubernetes:namespace/name/key`
 * @throws E_SECRET naming the place
 */
export async function resolveSecret(
  reference: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const parsed = parseSecretReference(reference);
  if (parsed === undefined) throw configErrors.secretNotThere(reference, 'it is no reference');
  const value = await valueAt(parsed, environment).catch((error: unknown) => {
    throw configErrors.secretNotThere(reference, reasonOf(error));
  });
  if (value === undefined || value === '')
    throw configErrors.secretNotThere(reference, 'it is empty');
  return value;
}

async function valueAt(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  switch (reference.from) {
    case 'env':
      return environment[reference.name];
    case 'file':
      // The last line break belongs to the file, as editors and `kubectl create secret` leave it.
      return (await readFile(reference.path, 'utf8')).replace(/\r?\n$/, '');
    case 'aws':
      return awsSecret(reference.secretId, reference.key);
    case 'kubernetes':
      return kubernetesSecret(reference);
  }
}

async function awsSecret(secretId: string, key: string | undefined): Promise<string | undefined> {
  const { GetSecretValueCommand, SecretsManagerClient } =
    await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  const { SecretString: text } = await client.send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  if (key === undefined || text === undefined) return text;
  const fields = JSON.parse(text) as Record<string, unknown>;
  const value = fields[key];
  if (typeof value !== 'string') throw new Error(`it has no text field "${key}"`);
  return value;
}

async function kubernetesSecret({
  namespace,
  name,
  key,
}: SecretReference & { from: 'kubernetes' }): Promise<string | undefined> {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const { data } = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name });
  const encoded = data?.[key];
  if (encoded === undefined) throw new Error(`it has no key "${key}"`);
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** Only the kind of failure: a response may quote what it got. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be read';
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (error.message.startsWith('it has no')) return error.message;
  return `it cannot be read (${typeof code === 'string' ? code : error.name})`;
}
