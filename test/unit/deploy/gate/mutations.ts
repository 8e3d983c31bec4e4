/** A value with one of its parts changed, removed or added, and where. */
export interface Mutation {
  readonly path: string;
  readonly value: unknown;
}

/** Every value that differs from a JSON value in one leaf. */
export function mutations(value: unknown, path = ''): Mutation[] {
  if (typeof value !== 'object' || value === null) {
    return otherValues(value).map((other) => ({ path, value: other }));
  }
  if (Array.isArray(value)) {
    const within = value.flatMap((item: unknown, index) =>
      mutations(item, `${path}[${index}]`).map((each) => ({
        ...each,
        value: value.map((kept: unknown, at) => (at === index ? each.value : kept)),
      })),
    );
    return value.length === 0 ? within : [...within, { path, value: value.slice(1) }];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const without = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    return [
      ...(item === undefined ? [] : [{ path: at, value: without }]),
      ...mutations(item, at).map((each) => ({ ...each, value: { ...value, [key]: each.value } })),
    ];
  });
}

function otherValues(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, -value - 1, String(value)];
  if (typeof value === 'boolean') return [!value, String(value)];
  if (typeof value === 'string')
    return [`${value}x`, value.slice(1), ''].filter((o) => o !== value);
  return [0];
}
