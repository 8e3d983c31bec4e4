/** Of every endpoint: SageMaker rolls out only between configurations whose variants have the same names. */
export const VARIANT = 'AllTraffic';
/** Of a candidate beside the model now live, whether it gets copies of requests or a share of them. */
export const CANDIDATE_VARIANT = 'Candidate';

/** Names of the variants of a configuration. */
export function namesOf(
  variants: readonly { readonly VariantName?: string }[] | undefined = [],
): string[] {
  return variants.map(({ VariantName }) => VariantName!);
}

/** Whether two configurations have variants of the same names, in any order. */
export function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join() === [...right].sort().join();
}
