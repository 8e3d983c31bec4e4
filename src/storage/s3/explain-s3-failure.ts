// Turns a failed request into a storage error that says what to do.
//
// X1. Neither message nor cause holds more of the SDK's error than its name and sentence: the rest carries
//     request headers.
// X2. What another try may mend is retryable: throttling, time, the network, a token that is renewed.

import { isAnnealError, storageErrors, type AnnealError } from '../../errors/index.js';

interface Cause {
  readonly reason: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

const CREDENTIALS =
  'Check the credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; then: anneal doctor';
const RIGHTS =
  'Give these credentials the rights of docs/aws/store-policy.json on the bucket, and check the bucket policy.';
const REACH =
  'Check the address (ANNEAL_S3_ENDPOINT) and the network; nothing is lost meanwhile, it is tried again.';
const LATER = 'It is tried again by itself; fewer tasks at once ease it.';

const badKey = { reason: 'the access key is not known there', hint: CREDENTIALS };
const badSecret = { reason: 'the secret key does not belong to the access key', hint: CREDENTIALS };
const noCredentials = { reason: 'there are no credentials', hint: CREDENTIALS };
const expired = {
  reason: 'the credentials have expired',
  hint: 'Renew them (aws sso login, or a new session token).',
  retryable: true,
};
const denied = { reason: 'access denied', hint: RIGHTS };
const keyRefuses = {
  reason: 'the KMS key refuses',
  hint: 'Give these credentials kms:Decrypt on the key, to write also kms:GenerateDataKey, and see that it is enabled.',
};
const noBucket = {
  reason: 'the bucket does not exist',
  hint: 'Make it, or correct its name in ANNEAL_STORE; a bucket of another server needs ANNEAL_S3_ENDPOINT.',
};
const slow = { reason: 'the server asks for fewer requests', hint: LATER, retryable: true };
const broken = { reason: 'the server has a fault', hint: LATER, retryable: true };
const timeout = { reason: 'no answer in time', hint: REACH, retryable: true };
const cut = { reason: 'the connection was cut', hint: REACH, retryable: true };
const refused = { reason: 'nothing listens at that address', hint: REACH, retryable: true };
const unknownHost = { reason: 'there is no host of that name', hint: REACH, retryable: true };

const CAUSES: Readonly<Record<string, Cause>> = {
  InvalidAccessKeyId: badKey,
  UnrecognizedClientException: badKey,
  InvalidToken: badKey,
  SignatureDoesNotMatch: badSecret,
  CredentialsProviderError: noCredentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  TokenProviderError: expired,
  RequestTimeTooSkewed: {
    reason: "this machine's clock is wrong",
    hint: 'Set the clock (NTP): S3 accepts 15 minutes of difference.',
  },
  AccessDenied: denied,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  Forbidden: denied,
  NoSuchBucket: noBucket,
  NotImplemented: {
    reason: 'the server does not know this request',
    hint: 'Anneal needs conditional writes (If-None-Match) and multipart uploads: docs/storage.md lists servers.',
  },
  SlowDown: slow,
  ThrottlingException: slow,
  RequestLimitExceeded: slow,
  TooManyRequestsException: slow,
  ServiceUnavailable: slow,
  InternalError: broken,
  RequestTimeout: timeout,
  TimeoutError: timeout,
  AbortError: timeout,
  ETIMEDOUT: timeout,
  ECONNRESET: cut,
  EPIPE: cut,
  ECONNABORTED: cut,
  ECONNREFUSED: refused,
  EHOSTUNREACH: refused,
  ENETUNREACH: refused,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};

const BY_STATUS: Readonly<Record<number, Cause>> = {
  401: denied,
  403: denied,
  408: timeout,
  429: slow,
  500: broken,
  502: broken,
  503: slow,
  504: timeout,
};

/** What is read of an error of the AWS SDK. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly Region?: string;
}

/** Runs requests about one address; `action` is the verb the error will use. Failures of the disk stay what they are. */
export async function explained<T>(
  action: string,
  uri: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainS3Failure(action, uri, error);
  }
}

/** The HTTP status of a failed request. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError | undefined)?.$metadata?.httpStatusCode;
}

function explainS3Failure(action: string, uri: string, error: unknown): AnnealError {
  if (isAnnealError(error)) return error;
  const failure = error as SdkError;
  const { reason, hint, retryable } = causeOf(failure);
  return storageErrors.storeFailed({
    action,
    path: uri,
    reason,
    hint,
    retryable: retryable ?? false,
    cause: new Error(`${failure.name ?? 'Error'}: ${failure.message ?? ''}`), // X1
  });
}

function causeOf(error: SdkError): Cause {
  return (
    wrongRegion(error) ??
    (isOfKms(error) ? keyRefuses : undefined) ??
    CAUSES[error.name ?? ''] ??
    CAUSES[error.code ?? ''] ??
    BY_STATUS[statusOf(error) ?? 0] ?? {
      reason: withoutStop(error.message ?? '') || 'an unknown fault',
      hint: 'See what S3 lacks: anneal doctor',
      retryable: statusOf(error) === undefined,
    }
  );
}

/** S3 says "access denied" and names the action; what is wrong with the key itself has codes of its own. */
function isOfKms({ name = '', message = '' }: SdkError): boolean {
  return name.startsWith('KMS.') || (name === 'AccessDenied' && /\bkms:/i.test(message));
}

function wrongRegion(error: SdkError): Cause | undefined {
  const isRegion =
    [
      'PermanentRedirect',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
    ].includes(error.name ?? '') || [301, 307].includes(statusOf(error) ?? 0);
  if (error.message?.startsWith('Region is missing')) {
    return {
      reason: 'no region is configured',
      hint: 'Set ANNEAL_S3_REGION to the region of the bucket.',
    };
  }
  if (!isRegion) return undefined;
  const region = error.$response?.headers?.['x-amz-bucket-region'] ?? error.Region;
  return {
    reason: `the bucket is in ${region === undefined ? 'another region' : `the region ${region}`}`,
    hint: `Set ANNEAL_S3_REGION${region === undefined ? " to the bucket's region" : `=${region}`}.`,
  };
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}
