// The IAM policies of docs/aws against the calls that the code makes.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const SOURCE = join(ROOT, 'src', 'runners', 'sagemaker');

interface Statement {
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const statementsOf = (file: string): Statement[] =>
  (JSON.parse(readFileSync(join(ROOT, 'docs', 'aws', file), 'utf8')) as { Statement: Statement[] })
    .Statement;
const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [value].flat();
const actionsOf = (file: string): string[] =>
  statementsOf(file).flatMap(({ Action }) => listOf(Action));
const granted = (service: string): string[] =>
  actionsOf('worker-sagemaker-jobs.json')
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1))
    .sort();

/** Commands of one SDK client that the runner's source constructs. */
function callsTo(client: string): string[] {
  const sources = readdirSync(SOURCE).map((file) => readFileSync(join(SOURCE, file), 'utf8'));
  const using = sources.filter((text) => text.includes(`@aws-sdk/client-${client}'`));
  const calls = using.flatMap((text) =>
    [...text.matchAll(/new (\w+)Command\(/g)].map(([, call]) => call!),
  );
  return [...new Set(calls)].sort();
}

describe('the policy of the worker', () => {
  it('allows exactly the calls of SageMaker that the runner makes', () => {
    const calls = callsTo('sagemaker');

    expect(calls).toHaveLength(6);
    // A job that is made with tags needs the right to tag.
    expect(granted('sagemaker')).toEqual(['AddTags', ...calls].sort());
  });

  it.each([
    ['logs', 'cloudwatch-logs'],
    ['ecr', 'ecr'],
  ])('allows exactly the calls of %s that the runner makes', (service, client) => {
    expect(granted(service)).toEqual(callsTo(client));
    expect(granted(service)).not.toEqual([]);
  });

  it('passes one role, to SageMaker only', () => {
    const [pass, ...more] = statementsOf('worker-sagemaker-jobs.json').filter(({ Action }) =>
      listOf(Action).includes('iam:PassRole'),
    );

    expect(more).toEqual([]);
    expect(pass!.Resource).toMatch(/^arn:aws:iam::\d{12}:role\/[\w-]+$/);
    expect(pass!.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    });
  });

  it.each(['worker-sagemaker-jobs.json', 'job-execution-role.json'])(
    'of %s names every action, and a resource wherever AWS knows one',
    (file) => {
      const open = statementsOf(file).filter(({ Resource }) => listOf(Resource).includes('*'));

      expect(actionsOf(file).filter((action) => action.includes('*'))).toEqual([]);
      expect(open.flatMap(({ Action }) => listOf(Action))).toEqual(
        file.startsWith('job') ? ['ecr:GetAuthorizationToken'] : [],
      );
    },
  );

  it('limits jobs to the prefix that their names have', () => {
    const [jobs] = statementsOf('worker-sagemaker-jobs.json');

    for (const resource of listOf(jobs!.Resource)) expect(resource).toMatch(/-job\/anneal-\*$/);
  });
});
