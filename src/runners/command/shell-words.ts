// Splits a POSIX shell script into words and operators, without running or expanding anything.
// Enough for the install preambles that KFP's SDK writes; anything it does not know, it refuses.

export type ShellToken =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: '&&' | '||' | ';' | '(' | ')' };

const SPACE = /[ \t]/;
const BREAK = /[\n;&|()]/;

/**
 * Reads a script's tokens; quotes are taken off, `$(…)` and `$x` stay as text in their word.
 *
 * @returns undefined for shell syntax outside that subset
 */
export function shellTokens(script: string): ShellToken[] | undefined {
  const tokens: ShellToken[] = [];
  let at = 0;
  while (at < script.length) {
    if (SPACE.test(script[at]!)) at += 1;
    else if (script.startsWith('\\\n', at)) at += 2;
    else {
      const read = BREAK.test(script[at]!) ? readOperator(script, at) : readWord(script, at);
      if (read === undefined) return undefined;
      tokens.push(read.token);
      at = read.end;
    }
  }
  return tokens;
}

interface Read {
  readonly token: ShellToken;
  readonly end: number;
}

function readOperator(script: string, at: number): Read | undefined {
  const two = script.slice(at, at + 2);
  if (two === '&&' || two === '||') {
    return { token: { kind: 'operator', text: two }, end: at + 2 };
  }
  const one = script[at]!;
  if (one === '(' || one === ')') return { token: { kind: 'operator', text: one }, end: at + 1 };
  if (one === '\n' || one === ';') return { token: { kind: 'operator', text: ';' }, end: at + 1 };
  return undefined;
}

function readWord(script: string, start: number): Read | undefined {
  let text = '';
  let at = start;
  while (at < script.length && !SPACE.test(script[at]!) && !BREAK.test(script[at]!)) {
    const part = readPart(script, at);
    if (part === undefined) return undefined;
    text += part.text;
    at = part.end;
  }
  return { token: { kind: 'word', text }, end: at };
}

function readPart(script: string, at: number): { text: string; end: number } | undefined {
  const character = script[at]!;
  if (character === "'") return readUntil(script, at + 1, "'");
  if (character === '"') return readDoubleQuoted(script, at + 1);
  if (script.startsWith('$(', at)) {
    const inner = readUntil(script, at + 2, ')');
    return inner && { text: `$(${inner.text})`, end: inner.end };
  }
  if (character === '\\') return { text: script[at + 1] ?? '', end: at + 2 };
  return '<>`'.includes(character) ? undefined : { text: character, end: at + 1 };
}

function readUntil(
  script: string,
  start: number,
  closing: string,
): { text: string; end: number } | undefined {
  const end = script.indexOf(closing, start);
  return end < 0 ? undefined : { text: script.slice(start, end), end: end + 1 };
}

function readDoubleQuoted(
  script: string,
  start: number,
): { text: string; end: number } | undefined {
  let text = '';
  for (let at = start; at < script.length; at += 1) {
    if (script[at] === '"') return { text, end: at + 1 };
    const escaped = script[at] === '\\' && '\\"$`'.includes(script[at + 1] ?? ' ');
    if (escaped) at += 1;
    text += script[at];
  }
  return undefined;
}
