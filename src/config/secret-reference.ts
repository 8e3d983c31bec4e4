// Secrets in settings are names of places, never values: a settings file may be committed, an environment is
// shown by `ps` and crash reports.

import { z } from 'zod';

/** Where a secret's value is found when it is needed. */
export type SecretReference =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'aws'; readonly secretId: string; readonly key?: string }
  | {
      readonly from: 'kubernetes';
      readonly namespace: string;
      readonly name: string;
      readonly key: string;
    };

/** Completes "expected …". */
export const SECRET_FORMS =
  'a reference: env:NAME, file:/path, aws:SECRET-ID or aws:SECRET-ID#key, kubernetes:namespace/name/key';

/** Reads a reference; undefined when the text is none. */
export function parseSecretReference(text: string): SecretReference | undefined {
  const separator = text.indexOf(':');
  const place = text.slice(separator + 1);
  switch (text.slice(0, Math.max(separator, 0))) {
    case 'env':
      return /^[A-Za-z_]\w*$/.test(place) ? { from: 'env', name: place } : undefined;
    case 'file':
      return place === '' ? undefined : { from: 'file', path: place };
    case 'aws':
      return awsReference(place);
    case 'kubernetes':
      return kubernetesReference(place);
    default:
      return undefined;
  }
}

/** The check of a setting that holds a secret. */
export const secretReference = z
  .string()
  .refine((text) => parseSecretReference(text) !== undefined, `expected ${SECRET_FORMS}`);

function awsReference(place: string): SecretReference | undefined {
  const [secretId = '', key] = place.split('#');
  if (secretId === '' || key === '') return undefined;
  return { from: 'aws', secretId, ...(key === undefined ? {} : { key }) };
}

function kubernetesReference(place: string): SecretReference | undefined {
  const [namespace, name, key, ...rest] = place.split('/');
  if (!namespace || !name || !key || rest.length > 0) return undefined;
  return { from: 'kubernetes', namespace, name, key };
}
