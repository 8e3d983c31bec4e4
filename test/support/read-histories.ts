import { readdirSync, readFileSync } from 'node:fs';
import proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;

/** One recorded run; see bin/record-histories.mjs. */
export interface RecordedRun {
  /** `<release>/<name>`. */
  readonly name: string;
  readonly workflowId: string;
  readonly history: History;
  readonly text: string;
}

const FOLDER = new URL('../histories/', import.meta.url);

/** Reads the recorded runs of every release. */
export function readHistories(): RecordedRun[] {
  const releases = readdirSync(FOLDER).filter((name) => /^\d/.test(name));
  return releases.flatMap((release) =>
    readdirSync(new URL(`${release}/`, FOLDER)).map((file) => {
      const text = readFileSync(new URL(`${release}/${file}`, FOLDER), 'utf8');
      return { name: `${release}/${file.replace('.json', '')}`, text, ...parseHistory(text) };
    }),
  );
}

/** Reads a recording. */
export function parseHistory(text: string): { workflowId: string; history: History } {
  const { workflowId, events } = JSON.parse(text) as { workflowId: string; events: object[] };
  return { workflowId, history: proto.temporal.api.history.v1.History.fromObject({ events }) };
}
