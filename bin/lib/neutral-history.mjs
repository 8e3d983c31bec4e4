// A workflow history as a file, without anything of the machine it was recorded on.
//
// Replay compares what the workflow asked for, not who worked or where files were.

import { Buffer } from 'node:buffer';
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;

// The SDK's own historyToJSON fails when npm installs more than one copy of protobufjs: this is its plain form.
const PLAIN = { longs: String, enums: String, bytes: String };

/**
 * @param {{ workflowId: string, history: import('@temporalio/proto').temporal.api.history.v1.IHistory }} recorded
 * @param {Record<string, string>} places  folders of this machine, and what stands for each
 * @returns {string} JSON, one event a line; temporal.api.history.v1.History.fromObject reads it
 */
export function neutralHistory({ workflowId, history }, places) {
  const { events } = History.toObject(history, PLAIN);
  // Longer paths first: the home lies in the project.
  const found = Object.keys(places).sort((one, other) => other.length - one.length);
  const rename = (text) =>
    found.reduce((renamed, place) => renamed.replaceAll(place, places[place]), text);
  const lines = events.map((event) =>
    JSON.stringify(event, (...entry) => neutral(...entry, rename)),
  );
  return `{"workflowId":${JSON.stringify(workflowId)},"events":[\n${lines.join(',\n')}\n]}\n`;
}

function neutral(key, value, rename) {
  if (typeof value !== 'string') return value;
  if (key === 'stackTrace') return '';
  if (/^\d+@/.test(value)) return 'worker'; // <process id>@<host>: identities, sticky task queues
  return key === 'data' ? renameIn(value, rename) : rename(value);
}

/** Payloads are base64 of JSON, and may hold a failure with a stack of its own. */
function renameIn(base64, rename) {
  const text = rename(Buffer.from(base64, 'base64').toString());
  const renamed = text.replaceAll(/"(stack|stackTrace)":"(?:[^"\\]|\\.)*"/g, '"$1":""');
  return Buffer.from(renamed).toString('base64');
}
