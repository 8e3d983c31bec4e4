// Python source without what changes nothing: comments and empty lines.
//
// P1. Whatever is not understood for sure is left as it is: two sources that differ in code never become equal.

/** Takes comments and empty lines out; the source itself when it is not clear what is a comment (P1). */
export function plainSource(source: string): string {
  const scanner = new Scanner(source);
  return scanner.scan() ?? source;
}

/** The part of Python's lexical analysis that tells strings from comments (docs.python.org, 2.1.3 and 2.4.1). */
class Scanner {
  private position = 0;
  private line = '';
  private lines = '';
  /** The line holds an f-string, inside which Python 3.12 lets quotes of the same kind nest. */
  private isFormatted = false;

  constructor(private readonly source: string) {}

  scan(): string | undefined {
    while (this.position < this.source.length) {
      const next = this.source[this.position]!;
      if (next === '#') {
        if (this.isFormatted) return undefined;
        this.skipComment();
      } else if (next === '"' || next === "'") {
        if (!this.takeString(next)) return undefined;
      } else if (next === '\n') this.endLine();
      else this.take(1);
    }
    this.endLine();
    return this.lines;
  }

  private skipComment(): void {
    const end = this.source.indexOf('\n', this.position);
    this.position = end < 0 ? this.source.length : end;
  }

  /** @returns false when the string does not end */
  private takeString(quote: string): boolean {
    if (/[fF][rR]?$|[rR][fF]$/u.test(this.line)) this.isFormatted = true;
    const isTriple = this.source.startsWith(quote.repeat(3), this.position);
    const closing = isTriple ? quote.repeat(3) : quote;
    this.take(closing.length);
    while (!this.source.startsWith(closing, this.position)) {
      const next = this.source[this.position];
      if (next === undefined || (next === '\n' && !isTriple)) return false;
      this.take(next === '\\' ? 2 : 1);
    }
    this.take(closing.length);
    return true;
  }

  private take(count: number): void {
    this.line += this.source.slice(this.position, this.position + count);
    this.position += count;
  }

  private endLine(): void {
    const text = this.line.trimEnd();
    if (text !== '') this.lines += `${text}\n`;
    this.line = '';
    this.isFormatted = false;
    this.position += 1;
  }
}
