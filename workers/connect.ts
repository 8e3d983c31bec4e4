import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';

/** The embedded server starts at the same time as its worker; a cluster may be restarting. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/** Connects to the server, waiting for it to come up. @throws the last refusal */
export async function connect(options: NativeConnectionOptions): Promise<NativeConnection> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
