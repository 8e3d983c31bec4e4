import type { Socket } from 'node:net';
import { LineConnection } from './line-connection.js';
import { replySchema, type Reply, type Request, type ServiceState } from './protocol.js';

/** A command's connection to a supervisor. */
export class SupervisorConnection {
  /** Settles when the connection has ended: the supervisor has gone, or end() was called. */
  readonly ended: Promise<void>;
  readonly #lines: LineConnection<Reply, Request>;
  readonly #listeners = new Set<(reply: Reply) => void>();

  /** @param onState  told every state that the supervisor sends */
  constructor(socket: Socket, onState: (state: ServiceState) => void) {
    let markEnded: () => void;
    this.ended = new Promise((resolve) => (markEnded = resolve));
    const onReply = (reply: Reply): void => {
      if (reply.type === 'state') onState(reply);
      this.#listeners.forEach((listener) => listener(reply));
    };
    this.#lines = new LineConnection(socket, replySchema, onReply, () => markEnded());
  }

  /**
   * Sends a request and waits for the reply that answers it.
   *
   * @param pick  returns the answer that a reply holds, undefined for a reply to something else
   * @returns undefined when the connection ended first
   */
  async ask<Answer>(
    request: Request,
    pick: (reply: Reply) => Answer | undefined,
  ): Promise<Answer | undefined> {
    let listener: ((reply: Reply) => void) | undefined;
    const answer = new Promise<Answer>((resolve) => {
      listener = (reply) => {
        const picked = pick(reply);
        if (picked !== undefined) resolve(picked);
      };
      this.#listeners.add(listener);
    });
    this.#lines.send(request);
    try {
      return await Promise.race([answer, this.ended.then(() => undefined)]);
    } finally {
      this.#listeners.delete(listener!);
    }
  }

  end(): void {
    this.#lines.end();
  }
}
