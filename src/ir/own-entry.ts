/** Reads a map of the spec by a name from the file, which may be `constructor` or `toString`. */
export function ownEntry<Value>(
  map: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
