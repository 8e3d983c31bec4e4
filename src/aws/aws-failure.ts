// Sorts what AWS answers into what to do about it.
//
// SageMaker says "exists already" and "not found" as ValidationException with a text: the texts
// only choose what is looked at next, the decision is taken by describing.

/**
 * transient: the call may or may not have been carried out; look, then try again.
 * missing, refused: nothing was done. denied: the caller's settings are wrong.
 */
export type AwsFailure = 'throttled' | 'unavailable' | 'missing' | 'denied' | 'refused';

interface AwsError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
]);
const DENIED = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'ExpiredTokenException',
  'ExpiredToken',
  'MissingAuthenticationToken',
  'CredentialsProviderError',
  'TokenProviderError',
]);
const MISSING = new Set(['ResourceNotFound', 'ObjectNotFoundException']);
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

/** Sorts an error thrown by an AWS client; undefined when it is not AWS's at all. */
export function awsFailureOf(error: unknown): AwsFailure | undefined {
  if (!(error instanceof Error) || error.name === 'AbortError') return undefined;
  const { name = '', message = '', $metadata } = error as AwsError;
  const status = $metadata?.httpStatusCode;
  if (THROTTLED.has(name) || status === 429 || /rate exceeded/i.test(message)) return 'throttled';
  if (DENIED.has(name) || status === 403) return 'denied';
  if (isNetworkFailure(error) || (status !== undefined && status >= 500)) return 'unavailable';
  if (MISSING.has(name) || isNotFoundText(name, message)) return 'missing';
  return status === undefined ? undefined : 'refused';
}

/** Whether the same call may work a moment later. */
export function isTransient(failure: AwsFailure | undefined): boolean {
  return failure === 'throttled' || failure === 'unavailable';
}

function isNotFoundText(name: string, message: string): boolean {
  return name.startsWith('Validation') && /could not find|does not exist|not found/i.test(message);
}

function isNetworkFailure(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    error.name === 'TimeoutError' ||
    NETWORK.test(code ?? '') ||
    /socket hang up|network|connection/i.test(error.message)
  );
}
