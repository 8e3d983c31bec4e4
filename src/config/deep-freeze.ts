/** Freezes a value made of plain objects and arrays; bytes cannot be frozen and stay as they are. */
export function deepFreeze<Value>(value: Value): Readonly<Value> {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
