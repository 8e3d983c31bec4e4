// A job's log, from CloudWatch Logs into the attempt's log.txt.
//
// L1. The log is a help, never a condition: what cannot be read is a line of warning in it, and the run goes on.

import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { awsFailureOf, isTransient } from '../../aws/index.js';
import type { LogFile } from './log-file.js';

export interface JobLogOptions {
  readonly client: CloudWatchLogsClient;
  readonly group: string;
  readonly job: string;
  readonly file: LogFile;
}

/** Follows one job's log. */
export class JobLog {
  private readonly tokens = new Map<string, string | undefined>();
  private isOff = false;
  private isEmpty = true;

  constructor(private readonly options: JobLogOptions) {}

  /** Whether nothing has been read yet, though something may still come. */
  get isAwaited(): boolean {
    return this.isEmpty && !this.isOff;
  }

  /** Reads what is new. */
  async poll(): Promise<void> {
    if (this.isOff) return;
    try {
      if (this.tokens.size === 0) await this.findStreams();
      for (const stream of this.tokens.keys()) await this.readStream(stream);
    } catch (error) {
      const failure = awsFailureOf(error);
      const isNotThere = (error as Error).name === 'ResourceNotFoundException';
      if (isNotThere || isTransient(failure)) return; // the next poll tries again
      this.isOff = true; // L1
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      await this.options.file.append([`[The log cannot be read from CloudWatch Logs: ${reason}]`]);
    }
  }

  private async findStreams(): Promise<void> {
    const { client, group, job } = this.options;
    const { logStreams = [] } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: `${job}/` }),
    );
    for (const { logStreamName } of logStreams) {
      if (logStreamName !== undefined) this.tokens.set(logStreamName, undefined);
    }
  }

  private async readStream(stream: string): Promise<void> {
    const { client, group, file } = this.options;
    for (;;) {
      const nextToken = this.tokens.get(stream);
      const page = await client.send(
        new GetLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          startFromHead: true,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      const lines = (page.events ?? []).map(({ message = '' }) => message.replace(/\n$/, ''));
      await file.append(lines);
      if (lines.length > 0) this.isEmpty = false;
      this.tokens.set(stream, page.nextForwardToken ?? nextToken);
      // CloudWatch: the same token again means the end of the stream, for now.
      if (page.nextForwardToken === undefined || page.nextForwardToken === nextToken) return;
    }
  }
}
