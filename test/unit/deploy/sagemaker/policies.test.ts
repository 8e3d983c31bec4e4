// The IAM policies of docs/aws against the calls that deployments make.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const SOURCES = ['deploy', 'models'].map((room) => join(ROOT, 'src', room, 'sagemaker'));
const STORAGE = join(ROOT, 'src', 'storage', 's3');
const WORKER = 'worker-sagemaker-endpoints.json';
const ROLE = 'serving-execution-role.json';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const statementsOf = (file: string): Statement[] =>
  (JSON.parse(readFileSync(join(ROOT, 'docs', 'aws', file), 'utf8')) as { Statement: Statement[] })
    .Statement;
const actionsOf = (file: string): string[] =>
  statementsOf(file).flatMap(({ Action }) => [Action].flat());
const granted = (service: string): string[] =>
  actionsOf(WORKER)
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1))
    .sort();

/** Commands that deployments import from some SDK clients. */
function callsTo(...clients: string[]): string[] {
  const files = SOURCES.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  return callsIn(files, clients);
}

function callsIn(files: readonly string[], clients: readonly string[]): string[] {
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  const imports = sources.flatMap((text) => [
    ...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)';/g),
  ]);
  const calls = imports
    .filter(([, , client]) => clients.includes(client!))
    .flatMap(([, names]) => [...names!.matchAll(/\b(\w+)Command\b/g)].map(([, call]) => call!));
  return [...new Set(calls)].sort();
}

describe('the policy of a worker that deploys', () => {
  it('allows exactly the calls of SageMaker that deployments make', () => {
    const calls = callsTo('sagemaker', 'sagemaker-runtime');

    expect(calls).toEqual(expect.arrayContaining(['InvokeEndpoint', 'CreateModelPackage']));
    expect(calls.length).toBeGreaterThan(10);
    expect(granted('sagemaker')).toEqual(calls);
  });

  it('allows exactly the calls for alarms and scaling that deployments make', () => {
    // An alarm that is made with tags needs the right to tag.
    expect(granted('cloudwatch')).toEqual([...callsTo('cloudwatch'), 'TagResource'].sort());
    expect(granted('application-autoscaling')).toEqual(callsTo('application-auto-scaling'));
    expect(callsTo('cloudwatch')).toHaveLength(3);
    expect(callsTo('application-auto-scaling')).toHaveLength(5);
  });

  // bucket-folder.ts, which reads captured requests, calls S3 through these two; of their calls those that change
  // something are of the store. That it makes none: test/contract/s3/external-folder.test.ts.
  it('allows exactly the reads of captured requests that monitors make', () => {
    const files = ['bucket.ts', 'list-bucket.ts'].map((file) => join(STORAGE, file));
    const reads = callsIn(files, ['s3']).filter((call) => !/^(Put|Delete)/.test(call));
    // A HEAD needs the right to read.
    const rights: Readonly<Record<string, string>> = {
      GetObject: 's3:GetObject',
      HeadObject: 's3:GetObject',
      ListObjectsV2: 's3:ListBucket',
    };
    const ofCaptures = statementsOf(WORKER).filter(({ Resource }) =>
      [Resource].flat().some((resource) => resource.includes('anneal-captures')),
    );

    const given = ofCaptures.flatMap(({ Action }) => [Action].flat());
    expect([...new Set(given)].sort()).toEqual([...new Set(reads.map((c) => rights[c]))].sort());
    expect(reads).toHaveLength(3);
    expect(actionsOf(ROLE)).toContain('s3:PutObject');
  });

  it('passes one role, to SageMaker only', () => {
    const passes = statementsOf(WORKER).filter(({ Action }) =>
      [Action].flat().includes('iam:PassRole'),
    );

    expect(passes).toHaveLength(1);
    expect(passes[0]!.Resource).toMatch(/^arn:aws:iam::\d{12}:role\/[\w-]+$/);
    expect(passes[0]!.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    });
  });

  it.each([
    [WORKER, /^(sagemaker:List|cloudwatch:DescribeAlarms|application-autoscaling:)/],
    [ROLE, /^(cloudwatch:|ecr:GetAuthorizationToken)/],
  ])('of %s names every action, and a resource wherever it can', (file, unbound) => {
    const open = statementsOf(file).filter(({ Resource }) => [Resource].flat().includes('*'));

    expect(actionsOf(file).filter((action) => action.includes('*'))).toEqual([]);
    for (const { Action } of open) {
      for (const action of [Action].flat()) expect(action).toMatch(unbound);
    }
  });

  it('lets the serving role see alarms: without it SageMaker cannot roll back', () => {
    expect(actionsOf(ROLE)).toContain('cloudwatch:DescribeAlarms');
  });
});
