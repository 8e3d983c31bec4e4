import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

/** A socket that carries one JSON message a line, checked on arrival; what does not fit ends the connection. */
export class LineConnection<Incoming, Outgoing> {
  readonly #socket: Socket;

  /**
   * @param onMessage  called in the order of arrival
   * @param onEnd      called once, when either side has gone
   */
  constructor(
    socket: Socket,
    schema: z.ZodType<Incoming>,
    onMessage: (message: Incoming) => void,
    onEnd: () => void,
  ) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.once('close', onEnd);
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy()); // readline passes its input's errors on
    lines.on('line', (line) => {
      const parsed = schema.safeParse(parseJson(line));
      if (parsed.success) onMessage(parsed.data);
      else socket.destroy();
    });
  }

  send(message: Outgoing): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  end(): void {
    this.#socket.end();
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
