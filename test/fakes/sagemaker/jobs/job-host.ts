// What carries out the jobs of the fake: a real one runs programs, a scripted one does what a test says.

export type Input = Readonly<Record<string, unknown>>;

export interface HostedJob {
  readonly kind: 'processing' | 'training';
  readonly name: string;
  /** The request that made it. */
  readonly request: Input;
  /** Told when a training job goes on to another phase. */
  readonly onPhase: (phase: string) => void;
}

/** How a container ended. */
export interface JobEnd {
  readonly state: 'Completed' | 'Failed' | 'Stopped';
  readonly failureReason?: string;
  readonly exitMessage?: string;
  /** Last phase of a training job, when it is not the state. */
  readonly phase?: string;
}

export interface RunningJob {
  readonly ended: Promise<JobEnd>;
  stop(): void;
}

export interface JobHost {
  start(job: HostedJob): RunningJob;
}

/** Jobs that end when and as a test says. */
export class ScriptedHost implements JobHost {
  readonly started: string[] = [];
  readonly #ends: JobEnd[];

  /** @param ends of the jobs, in the order of their starts; a job beyond them runs until it is stopped */
  constructor(...ends: JobEnd[]) {
    this.#ends = ends;
  }

  start({ name }: HostedJob): RunningJob {
    this.started.push(name);
    const end = this.#ends[this.started.length - 1];
    let stop: () => void = () => undefined;
    const ended =
      end === undefined
        ? new Promise<JobEnd>((resolve) => {
            stop = () => resolve({ state: 'Stopped' });
          })
        : Promise.resolve(end);
    return { ended, stop: () => stop() };
  }
}
