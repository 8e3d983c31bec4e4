import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { HostedJob } from './job-host.js';

const GROUPS = {
  processing: '/aws/sagemaker/ProcessingJobs',
  training: '/aws/sagemaker/TrainingJobs',
} as const;

/** Writes what a job prints to CloudWatch Logs, one event a line. */
export class JobLogs {
  #pending: Promise<unknown>;
  #rest = '';

  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly job: HostedJob,
    private readonly stream = `${job.name}/algo-1-${Date.now()}`,
  ) {
    const logGroupName = GROUPS[job.kind];
    this.#pending = client
      .send(new CreateLogGroupCommand({ logGroupName }))
      .catch(() => undefined) // it exists
      .then(() =>
        client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: this.stream })),
      );
  }

  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#send(lines);
  }

  async close(): Promise<void> {
    if (this.#rest !== '') this.#send([this.#rest]);
    await this.#pending;
  }

  #send(lines: readonly string[]): void {
    const logEvents = lines
      .filter((line) => line !== '') // CloudWatch refuses empty events
      .map((message) => ({ timestamp: Date.now(), message }));
    if (logEvents.length === 0) return;
    const [logGroupName, logStreamName] = [GROUPS[this.job.kind], this.stream];
    this.#pending = this.#pending.then(() =>
      this.client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents })),
    );
  }
}
