import type { EventType, RunEvent } from '../contract/index.js';
import type { JsonObject } from '../util/index.js';

const MARKS: Readonly<Partial<Record<EventType, string>>> = {
  'run.started': '▶',
  'run.succeeded': '✓',
  'deployment.promoted': '✓',
  'approval.requested': '?',
  'approval.reminder': '?',
  'approval.given': '✓',
};
const MAX_TEXT = 2900; // Slack's limit on one text block is 3,000 characters.

/** An event as the message of a Slack-compatible incoming webhook. */
export function slackMessage(event: RunEvent): JsonObject {
  const { run, deployment, error } = event;
  const title = `${MARKS[event.type] ?? '✗'} ${run.pipeline}: ${event.type.replace('.', ' ')}`;
  const lines = [
    `*${escapeText(title)}*`,
    `Run \`${escapeText(run.runId)}\``,
    ...(deployment === undefined
      ? []
      : [escapeText(`Endpoint ${deployment.endpoint}: ${deployment.status}`)]),
    ...approvalLines(event),
    ...[deployment?.reason, error?.message, error?.hint].flatMap((text) =>
      text === undefined ? [] : [escapeText(text)],
    ),
  ];
  const text = lines.join('\n').slice(0, MAX_TEXT);
  return {
    text: escapeText(title),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
  };
}

/** What is asked and how to answer, or what was answered. */
function approvalLines({ type, run: { runId }, approval }: RunEvent): string[] {
  if (approval === undefined) return [];
  const { task, endpoint, expiresAt, by, reason } = approval;
  const isOpen = type === 'approval.requested' || type === 'approval.reminder';
  const answer = `anneal approve ${runId} --task ${task}`;
  return [
    `Task ${task}, endpoint ${endpoint}${by === undefined ? '' : `, by ${by}`}`,
    ...(reason === undefined ? [] : [reason]),
    ...(isOpen ? [`Until ${expiresAt}: ${answer}`] : []),
  ].map((line) => escapeText(line));
}

/** The three characters that Slack's markup takes for its own. */
function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
