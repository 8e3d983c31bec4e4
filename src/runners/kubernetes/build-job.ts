// The Job of one execution. Its pod brings the inputs, runs the task, and stores the outputs: three containers, one
// after the other, that share a folder.
//
// J1. The task's image runs as it is, with its own command: nothing of ours is in it.
// J2. The cluster never starts a second pod: what to do after a failure is decided by the pipeline and Temporal.
// J3. A pod that the cluster took away (eviction, preemption, a lost node) leaves that reason in the Job, even when
//     the pod itself is gone.

import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import { jobTooLarge } from '../../errors/kubernetes.js';
import { commandLineTooLong } from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import { executionAnnotations, executionLabels, jobName } from './job-name.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';
import { literal, TERMINATION_MESSAGE, taskVariables } from './pod-environment.js';
import { podResources, type PodResources } from './pod-resources.js';
import { podSecurity } from './pod-security.js';
import { podVolumes } from './pod-volumes.js';
import { transferPlan } from './transfer-plan.js';

/** Names of the containers, in their order. */
export const STEPS = { fetch: 'fetch', task: 'task', store: 'store' } as const;

/** etcd takes requests of 1.5 MiB (its --max-request-bytes); an update of the Job carries it with its status. */
const MAX_JOB_BYTES = 1024 * 1024;
/** Linux: MAX_ARG_STRLEN, 32 pages. */
const MAX_ARGUMENT_BYTES = 128 * 1024;
/** Seconds between TERM and KILL. */
export const GRACE_SECONDS = 30;
const TRANSFER_RESOURCES = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { memory: '512Mi' },
};
/** Pipelines name the image of the shipped components so; the worker knows where it is. */
const SHIPPED_IMAGE = /^anneal-tasks(:|@|$)/;
/** EKS gives the credentials of the pod's role to all containers but these. */
const SKIP_CREDENTIALS = { 'eks.amazonaws.com/skip-containers': STEPS.task };

/** @throws E_VALUE_SIZE when the cluster would not take it; E_UNSUPPORTED */
export function buildJob(spec: LaunchSpec, options: KubernetesRunnerOptions): V1Job {
  const { id, stagingUri, platform, timeoutSeconds } = spec;
  checkArguments(spec);
  const labels = executionLabels(id);
  const annotations = executionAnnotations(id, stagingUri);
  const job: V1Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName(id, stagingUri), labels, annotations },
    spec: {
      backoffLimit: 0, // J2
      completions: 1,
      parallelism: 1,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          {
            action: 'FailJob', // J3
            onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
          },
        ],
      },
      ttlSecondsAfterFinished: options.keepSeconds,
      ...(timeoutSeconds === undefined
        ? {}
        : { activeDeadlineSeconds: Math.max(1, Math.ceil(timeoutSeconds)) }),
      template: {
        metadata: {
          labels: { ...platform?.labels, ...labels },
          annotations: { ...SKIP_CREDENTIALS, ...platform?.annotations, ...annotations },
        },
        spec: podSpec(spec, options),
      },
    },
  };
  const bytes = Buffer.byteLength(JSON.stringify(job));
  if (bytes > MAX_JOB_BYTES) throw jobTooLarge(id.task, bytes, MAX_JOB_BYTES);
  return job;
}

/** The image that a pipeline's image name stands for. */
export function imageOf(
  image: string,
  { tasksImage }: Pick<KubernetesRunnerOptions, 'tasksImage'>,
) {
  return SHIPPED_IMAGE.test(image) ? tasksImage : image;
}

function podSpec(spec: LaunchSpec, options: KubernetesRunnerOptions): V1PodSpec {
  const { pod } = spec.platform ?? {};
  const wanted = podResources(spec, options);
  const security = podSecurity(options.runAs, pod);
  const pullSecrets = [...new Set([...options.pullSecrets, ...(pod?.imagePullSecrets ?? [])])];
  const nodeSelector = { ...wanted.nodeSelector, ...pod?.nodeSelector };
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false, // a namespace's services are nothing to a task
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(options.serviceAccount === undefined ? {} : { serviceAccountName: options.serviceAccount }),
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(pod?.tolerations.length
      ? { tolerations: pod.tolerations.map((each) => ({ ...each })) }
      : {}),
    ...(pod?.affinity === undefined ? {} : { affinity: pod.affinity }),
    securityContext: security.pod,
    volumes: podVolumes(spec.id.runId, spec.platform).volumes,
    initContainers: [
      transferContainer(STEPS.fetch, spec, options),
      taskContainer(spec, options, wanted),
    ],
    containers: [transferContainer(STEPS.store, spec, options)],
  };
}

function taskContainer(
  spec: LaunchSpec,
  options: KubernetesRunnerOptions,
  { resources }: PodResources,
): V1Container {
  const { image, command, args, id, platform } = spec;
  const { task, isForeignUser } = podSecurity(options.runAs, platform?.pod);
  const policy = platform?.pod?.imagePullPolicy;
  return {
    name: STEPS.task,
    image: imageOf(image, options),
    ...(policy === undefined ? {} : { imagePullPolicy: policy }),
    ...(command.length > 0 ? { command: command.map(literal) } : {}),
    ...(args.length > 0 ? { args: args.map(literal) } : {}),
    env: taskVariables(spec, isForeignUser),
    resources,
    volumeMounts: podVolumes(id.runId, platform).task,
    securityContext: task,
    terminationMessagePath: TERMINATION_MESSAGE,
  };
}

function transferContainer(
  step: 'fetch' | 'store',
  spec: LaunchSpec,
  options: KubernetesRunnerOptions,
): V1Container {
  const plan = JSON.stringify(transferPlan(spec, options.s3));
  const { storeSecret, tasksImage } = options;
  return {
    name: STEPS[step],
    image: tasksImage,
    command: ['python3', '-m', 'anneal_launcher.transfer', step],
    env: [{ name: 'ANNEAL_TRANSFER', value: literal(plan) }],
    ...(storeSecret === undefined ? {} : { envFrom: [{ secretRef: { name: storeSecret } }] }),
    resources: TRANSFER_RESOURCES,
    volumeMounts: podVolumes(spec.id.runId, spec.platform).transfer,
    securityContext: podSecurity(options.runAs, spec.platform?.pod).transfer,
    terminationMessagePath: TERMINATION_MESSAGE,
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

function checkArguments({ id, command, args, env }: LaunchSpec): void {
  const texts = [...command, ...args, ...Object.values(env)];
  const longest = Math.max(0, ...texts.map((text) => Buffer.byteLength(text)));
  if (longest >= MAX_ARGUMENT_BYTES) throw commandLineTooLong(id.task, longest);
}
