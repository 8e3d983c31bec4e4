/** Often enough that a copy in use never looks idle. */
const TOUCH_MS = 10 * 60 * 1000;

/** The copies that callers of this process use, touched as long as they do. */
export class KeptCopies {
  private readonly users = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly touch: (id: string) => Promise<unknown>) {}

  has(id: string): boolean {
    return this.users.has(id);
  }

  /** Keeps a copy until a signal is aborted; without one there is nothing to keep. */
  keep(id: string, inUse: AbortSignal | undefined): void {
    if (inUse === undefined || inUse.aborted) return;
    this.users.set(id, (this.users.get(id) ?? 0) + 1);
    inUse.addEventListener('abort', () => this.letGo(id), { once: true });
    this.timer ??= setInterval(() => this.touchAll(), TOUCH_MS).unref();
  }

  private letGo(id: string): void {
    const users = (this.users.get(id) ?? 1) - 1;
    if (users > 0) this.users.set(id, users);
    else this.users.delete(id);
    if (this.users.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private touchAll(): void {
    for (const id of this.users.keys()) void this.touch(id).catch(() => undefined);
  }
}
