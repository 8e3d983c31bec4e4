// Redraws a block of lines at the end of a terminal.
//
// L1. Only what changed height is cleared: the screen does not flicker, and what scrolled by stays.
// L2. At most as many lines as the terminal has are drawn, the last ones.

import type { OutputStreams } from '../output/output.js';

const REDRAW_MS = 120;

export class LiveScreen {
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: OutputStreams['stderr'] & { readonly rows?: number },
    private readonly draw: () => readonly string[],
  ) {}

  /** Draws now and then again and again, so that running times move. */
  start(): void {
    this.#timer = setInterval(() => this.redraw(), REDRAW_MS);
    this.redraw();
  }

  redraw(): void {
    const limit = Math.max(1, (this.stream.rows ?? 24) - 1);
    const width = Math.max(20, this.stream.columns ?? 80);
    const lines = this.draw()
      .slice(-limit)
      .map((line) => clip(line, width)); // L2
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : '';
    this.stream.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[0J`);
    this.#drawnLines = lines.length;
  }

  /** Draws a last time and leaves the lines where they are. */
  stop(): void {
    clearInterval(this.#timer);
    this.redraw();
  }
}

/** Cuts a coloured line to the terminal's width: a wrapped line would break the count of lines. */
function clip(line: string, width: number): string {
  let visible = 0;
  let clipped = '';
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) clipped += part;
    else {
      clipped += [...part].slice(0, Math.max(0, width - 1 - visible)).join('');
      visible += [...part].length;
    }
  }
  return clipped;
}
