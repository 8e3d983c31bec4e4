import type { OutputStreams } from './output.js';

/** Lets output end quietly when its reader has gone (`anneal runs | head -1`); other errors are thrown. */
export function tolerateClosedPipe({ stdout, stderr }: OutputStreams): void {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
