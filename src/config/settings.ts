// The one settings object: made once by loadSettings, frozen, handed down as an argument.
//
// G1. Nothing below the doors reads process.env: what a part needs is in here.
// G2. Every path is absolute and every number is in its range.

import type { Hook } from './hooks.js';
import type { MlflowTarget } from './mlflow.js';
import type { MetricsAddress } from './metrics-address.js';
import type { PolicySetting } from './policies.js';

/** Where Temporal runs and how to reach it; `embedded`: Anneal starts its own server. */
export type TemporalSettings =
  | { readonly mode: 'embedded' }
  | { readonly mode: 'cluster'; readonly connection: TemporalConnection };

/** What a Temporal client or worker needs to connect; fits the SDK's connection options. */
export interface TemporalConnection {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** Secret: never printed, logged or stored. */
  readonly apiKey?: string;
  readonly tls?: boolean | TemporalTls;
  /** gRPC headers sent with every call. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface TemporalTls {
  readonly serverNameOverride?: string;
  /** PEM. */
  readonly serverRootCACertificate?: Uint8Array;
  /** PEM, secret. */
  readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
}

/** How runner docker makes containers. */
export interface DockerSettings {
  /** `auto`, `none`, `bridge`, or a network of the daemon. */
  readonly network: string;
  readonly pull: 'missing' | 'always' | 'never';
}

/** Where the gate's winners go. */
export interface DeploySettings {
  readonly target: 'local' | 'sagemaker';
  readonly sagemaker: {
    /** ARN of the role the model's container runs as. */
    readonly role?: string;
    /** Serving image. */
    readonly image?: string;
    /** Bucket for model archives. */
    readonly bucket?: string;
    readonly region?: string;
  };
}

/** Where and how the kubernetes runner runs tasks. */
export interface KubernetesSettings {
  /** Kubeconfig file. */
  readonly config?: string;
  readonly context?: string;
  readonly namespace?: string;
  /** Absent: the image of this version, by its plain name. */
  readonly image?: string;
  readonly serviceAccount?: string;
  readonly storeSecret?: string;
  readonly pullSecrets: readonly string[];
  /** S3 server as pods reach it. */
  readonly s3Endpoint?: string;
  /** User id, or whom the image names. */
  readonly runAs: number | 'image';
  /** Requests of tasks that ask for none: Kubernetes quantities. */
  readonly cpu?: string;
  readonly memory?: string;
  readonly volumeSize?: string;
  readonly pendingSeconds: number;
  readonly keepSeconds: number;
}

/** How S3 is reached; credentials are the AWS SDK's business. */
export interface S3Settings {
  /** Another server than AWS. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  readonly encryption?: 'AES256' | 'aws:kms';
  readonly kmsKeyId?: string;
}

/** Tasks as SageMaker jobs. */
export interface SageMakerJobsSettings {
  readonly region?: string;
  /** ARN of the role that the jobs take on. */
  readonly roleArn?: string;
  /** Image of Anneal's own components. */
  readonly tasksImage?: string;
  readonly instanceType?: string;
  readonly volumeGb: number;
  readonly kmsKeyId?: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** No network in the containers. */
  readonly isIsolated: boolean;
  /** Seconds between two looks at a job. */
  readonly pollSeconds: number;
}

/** What workers of this machine take, and how they stop. */
export interface WorkerSettings {
  readonly roles: readonly ('orchestration' | 'cpu' | 'gpu' | 'deploy')[];
  /** What its tasks may ask for together; absent: what the machine has. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly accelerators?: number;
  /** What happens to tasks in its hands when it stops: they go on without it, or are ended. */
  readonly drain: 'hand-over' | 'end';
  /** How long they may first go on to their end. */
  readonly drainSeconds: number;
  /** Whether it belongs to a version of a Worker Deployment. */
  readonly versioning: boolean;
  /** Build id of that version; absent: the digest of the built files. */
  readonly build?: string;
  /** It is the only worker of an embedded server. */
  readonly isEmbedded: boolean;
}

/** What workers and clients tell of themselves. */
export interface TelemetrySettings {
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Absent: text on a terminal, else JSON. */
  readonly logFormat?: 'json' | 'text';
  /** Absent: no metrics are served. */
  readonly metrics?: MetricsAddress;
  /** OpenTelemetry's variables name a receiver of traces. */
  readonly isTraced: boolean;
}

export interface Settings {
  /** Folder of everything Anneal keeps for one project: environments, server database, logs. */
  readonly home: string;
  /** Folder that holds the home; relative paths in settings refer to the working directory instead. */
  readonly projectFolder: string;
  /** Artifact store: an absolute folder or `s3://bucket/prefix`. */
  readonly store: string;
  readonly s3: S3Settings;
  /** Folder for copies of what lies in S3 and for the work of tasks whose outputs go there. */
  readonly cacheFolder: string;
  /** What copies that nobody uses may take. */
  readonly cacheBytes: number;
  /** Folders and `s3://bucket/prefix` that a pipeline's own importers may read; what a run's parameters name is always allowed. */
  readonly importRoots: readonly string[];
  /** Python to build environments with; absent: the first fitting one of PATH. */
  readonly python?: string;
  /** Python of a ready environment, used instead of building one. */
  readonly pythonEnvironment?: string;
  /** Python of a ready environment with the full KFP SDK, used instead of building one. */
  readonly devPython?: string;
  /** Temporal CLI used instead of the environment's. */
  readonly temporalCli?: string;
  readonly temporal: TemporalSettings;
  /** Where tasks run when a run does not say it. */
  readonly runner: 'process' | 'docker' | 'kubernetes' | 'sagemaker';
  /** Image of this project's own components; absent: the one they name. */
  readonly tasksImage?: string;
  readonly docker: DockerSettings;
  /** Base of the Temporal task queues. */
  readonly taskQueue: string;
  readonly worker: WorkerSettings;
  readonly deploy: DeploySettings;
  /** Who is told of what happens to runs; MLflow among them where it is set. */
  readonly hooks: readonly Hook[];
  /** Where runs and models are tracked. */
  readonly mlflow?: MlflowTarget;
  /** What must hold before a model goes live, and how it does; the first that fits an endpoint holds. */
  readonly policies: readonly PolicySetting[];
  readonly sagemakerJobs: SageMakerJobsSettings;
  readonly kubernetes: KubernetesSettings;
  /** A long activity that is silent for this long is taken for lost. */
  readonly heartbeatSeconds: number;
  /** A task's process whose worker is gone waits this long for another one, then ends. */
  readonly orphanSeconds: number;
  readonly telemetry: TelemetrySettings;
  /** Errors are shown with their stack. */
  readonly debug: boolean;
  /** Sentences to show the user once: settings that work but are risky. */
  readonly warnings: readonly string[];
}
