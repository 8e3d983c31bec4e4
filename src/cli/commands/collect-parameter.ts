/** Gathers the values of a flag that may be given several times. */
export function collectParameter(
  value: string,
  previous: readonly string[] = [],
): readonly string[] {
  return [...previous, value];
}
