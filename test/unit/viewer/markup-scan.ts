// Reads markup as a browser's tokenizer would, as far as our own output needs it.

export interface ScannedMarkup {
  readonly tags: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  /** What is wrong with the nesting; empty when every element is closed in order. */
  readonly faults: readonly string[];
}

const VOID = new Set(['meta', 'br', '!doctype']);
const TAG = /<(\/?)(!?[a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s=>"'/]+(?:="[^"]*")?)*)\s*(\/?)>/y;

/** Lists the tags and attributes of a document and checks that its elements nest. */
export function scanMarkup(markup: string): ScannedMarkup {
  const tags = new Set<string>();
  const attributes = new Set<string>();
  const faults: string[] = [];
  const open: string[] = [];
  for (let at = markup.indexOf('<'); at >= 0; at = markup.indexOf('<', at)) {
    TAG.lastIndex = at;
    const match = TAG.exec(markup);
    if (match === null) {
      faults.push(`no tag at ${markup.slice(at, at + 40)}`);
      at += 1;
      continue;
    }
    const [whole, slash, rawName = '', rawAttributes = '', selfClosed] = match;
    const name = rawName.toLowerCase();
    tags.add(name);
    for (const [, attribute = ''] of rawAttributes.matchAll(/([^\s=]+)(?:="[^"]*")?/g)) {
      attributes.add(attribute);
    }
    if (slash === '/') {
      const expected = open.pop();
      if (expected !== name) faults.push(`</${name}> closes <${expected}>`);
    } else if (!VOID.has(name) && selfClosed !== '/') open.push(name);
    at += whole.length;
  }
  return { tags, attributes, faults: [...faults, ...open.map((name) => `<${name}> stays open`)] };
}
