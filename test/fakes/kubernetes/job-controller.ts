/* eslint-disable @typescript-eslint/no-unsafe-member-access -- objects of any kind pass through here */
// What the cluster's controllers do with the Jobs that the runner makes: one pod, no second one, the conditions of
// its end, and removal of the pods before the Job.

import type { ObjectStore, StoredObject } from './object-store.js';

const PREFIX = 'batch.kubernetes.io';

/** Keeps Jobs and pods in step with each other. @returns what ends it */
export function runJobController(store: ObjectStore): () => void {
  const timers = new Set<NodeJS.Timeout>();
  const unlisten = store.listen((kind, change, object) => {
    const name = object.metadata!.name!;
    if (kind === 'jobs' && change === 'ADDED') {
      makePod(store, object);
      const seconds = object['spec'].activeDeadlineSeconds as number | undefined;
      if (seconds !== undefined) timers.add(setTimeout(() => expire(store, name), seconds * 1000));
    }
    if (kind === 'jobs' && change === 'MODIFIED') sweep(store, name);
    if (kind !== 'pods') return;
    const job = object.metadata!.labels?.[`${PREFIX}/job-name`] ?? '';
    if (change === 'DELETED') podGone(store, job, object);
    else if (['Succeeded', 'Failed'].includes(object['status']?.phase as string))
      podEnded(store, job, object);
  });
  return () => {
    unlisten();
    timers.forEach(clearTimeout);
  };
}

function makePod(store: ObjectStore, job: StoredObject): void {
  const { name, uid } = job.metadata!;
  const { metadata, spec } = job['spec'].template as StoredObject;
  store.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      labels: { ...metadata?.labels, [`${PREFIX}/job-name`]: name!, 'job-name': name! },
      annotations: metadata?.annotations,
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: name!, uid: uid!, controller: true },
      ],
    },
    spec,
    status: { phase: 'Pending' },
  });
}

function podEnded(store: ObjectStore, job: string, pod: StoredObject): void {
  const { phase, conditions = [] } = pod['status'] as {
    phase: string;
    conditions?: { type: string }[];
  };
  if (phase === 'Succeeded') return finish(store, job, { type: 'Complete' });
  const isDisrupted = conditions.some(({ type }) => type === 'DisruptionTarget');
  const name = pod.metadata!.name;
  finish(
    store,
    job,
    isDisrupted
      ? {
          type: 'Failed',
          reason: 'PodFailurePolicy',
          message: `Pod tasks/${name} has condition DisruptionTarget matching FailJob rule at index 0`,
        }
      : {
          type: 'Failed',
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        },
  );
}

function podGone(store: ObjectStore, job: string, pod: StoredObject): void {
  const owner = store.get('jobs', job);
  if (owner?.metadata?.deletionTimestamp !== undefined) return sweep(store, job);
  const hasEnded = ['Succeeded', 'Failed'].includes(pod['status']?.phase as string);
  if (!hasEnded) finish(store, job, { type: 'Failed', reason: 'BackoffLimitExceeded' });
}

function finish(store: ObjectStore, job: string, condition: Record<string, string>): void {
  const conditions = store.get('jobs', job)?.['status']?.conditions as object[] | undefined;
  if (conditions !== undefined) return;
  store.update('jobs', job, (object) => ({
    ...object,
    status: { conditions: [{ status: 'True', ...condition }] },
  }));
}

function expire(store: ObjectStore, job: string): void {
  finish(store, job, {
    type: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Job was active longer than specified deadline',
  });
  for (const pod of podsOf(store, job)) markDeleted(store, pod);
}

/** Foreground deletion: the Job goes when its last pod has gone. */
function sweep(store: ObjectStore, job: string): void {
  if (store.get('jobs', job)?.metadata?.deletionTimestamp === undefined) return;
  const pods = podsOf(store, job);
  if (pods.length === 0) return store.remove('jobs', job);
  for (const pod of pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)) {
    markDeleted(store, pod);
  }
}

/** A pod that no node runs any more goes at once; else its node ends it first. */
export function markDeleted(store: ObjectStore, { metadata, status }: StoredObject): void {
  const hasEnded = ['Succeeded', 'Failed'].includes(status?.phase as string);
  if (hasEnded || status?.startTime === undefined) return store.remove('pods', metadata!.name!);
  store.update('pods', metadata!.name!, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: new Date().toISOString() as unknown as Date },
  }));
}

function podsOf(store: ObjectStore, job: string): StoredObject[] {
  return store
    .list('pods')
    .filter(({ metadata }) => metadata?.labels?.[`${PREFIX}/job-name`] === job);
}
