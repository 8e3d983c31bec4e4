// The daemon's log stream: frames of eight bytes of header (stream, zeros, length) and the bytes themselves.
// Format: the "Stream format" section of Docker's Engine API, ContainerAttach.
//
// L1. Only headers are held back until they are whole: a frame's bytes are passed on as they come.

const HEADER_BYTES = 8;

/** Takes the frames off a log stream. */
export class LogFrames {
  private header = Buffer.alloc(0);
  private left = 0;

  /** The log's own bytes of a chunk, in order. */
  *payloads(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length;) {
      if (this.left === 0) {
        const missing = HEADER_BYTES - this.header.length;
        this.header = Buffer.concat([this.header, chunk.subarray(at, at + missing)]);
        at += missing;
        if (this.header.length < HEADER_BYTES) return;
        this.left = this.header.readUInt32BE(4);
        this.header = Buffer.alloc(0);
        continue;
      }
      const payload = chunk.subarray(at, at + this.left);
      this.left -= payload.length;
      at += payload.length;
      yield payload;
    }
  }
}
