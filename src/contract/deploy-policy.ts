// The law of an endpoint: what a model must show, who must agree, and how it goes live.
//
// Operators set it (ANNEAL_POLICIES), pipelines cannot: a pipeline's own gate comes on top.

export interface DeployPolicy {
  readonly gate: GatePolicy;
  /** A person must agree before the model goes live; absent: nobody is asked. */
  readonly approval?: ApprovalPolicy;
  readonly rollout: RolloutPolicy;
  /** How SageMaker hosts it; the local target has no use for it. */
  readonly sagemaker?: SageMakerPolicy;
}

/** All of it must hold; a metric that is absent or not finite never passes, a tie with a limit does. */
export interface GatePolicy {
  readonly metrics: readonly MetricLimit[];
  /** Better than always answering the most frequent class, beyond luck. */
  readonly beatMajority: boolean;
  /** Against the model now live, on the same held-out rows: not worse, or better beyond luck. */
  readonly champion: 'ignore' | 'not_worse' | 'better';
  readonly segments: readonly SegmentFloor[];
  /** 95th percentile of the time that one prediction takes in the smoke test. */
  readonly latencyP95Ms?: number;
  /** Level of the one-sided tests, a fraction. */
  readonly maxPValue: number;
}

/** A limit of one recorded metric of the evaluation. */
export interface MetricLimit {
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Least accuracy among the held-out rows of each value of a column. */
export interface SegmentFloor {
  readonly column: string;
  readonly atLeast: number;
  /** Values with fewer rows are reported, not judged. */
  readonly minRows: number;
}

export interface ApprovalPolicy {
  /** Without an answer by then the model is refused. */
  readonly timeoutHours: number;
  /** Time between two reminders; absent: none. */
  readonly remindHours?: number;
}

export interface RolloutPolicy {
  readonly strategy: 'all_at_once' | 'canary' | 'linear';
  /** Share of requests of a canary, or of each step of a linear rollout: percent, 1 to 50. */
  readonly stepPercent: number;
  /** Between two steps. */
  readonly stepSeconds: number;
  /** Watched at full traffic before the earlier model goes. */
  readonly bakeSeconds: number;
  /** Watched from the first step to the end of baking; any of them ends the rollout. */
  readonly alarms: RolloutAlarms;
}

/** Limits over the requests that the new model answered since the rollout began. */
export interface RolloutAlarms {
  /** Failed requests, a fraction. */
  readonly errorRate?: number;
  readonly latencyP95Ms?: number;
  /** Fewer requests than this say nothing. */
  readonly minRequests: number;
  /** CloudWatch alarms that exist already (SageMaker only). */
  readonly names: readonly string[];
}

/** Hosting on SageMaker: what a pipeline cannot say, its operators do. */
export interface SageMakerPolicy {
  /** In place of the instance type of the run. */
  readonly instanceType?: string;
  readonly instanceCount?: number;
  /** Serverless hosting instead of instances. */
  readonly serverless?: ServerlessHosting;
  /** The model now live goes on answering; the candidate gets copies of its requests, and nobody its answers. */
  readonly shadow?: { readonly samplingPercent: number };
  /** The candidate answers this share of the requests, percent from 1 to 99, the model now live the others. */
  readonly split?: { readonly percent: number };
  readonly dataCapture?: {
    /** `s3://` prefix that requests and answers are written under. */
    readonly s3Uri: string;
    /** Share of the requests, percent. */
    readonly percent: number;
    readonly kmsKeyId?: string;
  };
  /** Beside Anneal's own. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Encrypts the disks of the instances. */
  readonly kmsKeyId?: string;
  readonly vpc?: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
  };
  readonly autoscaling?: AutoscalingPolicy;
  /** Earlier configurations, with their models and alarms, that are kept for a way back; default 1. */
  readonly keepEarlier?: number;
}

export interface ServerlessHosting {
  /** 1024 to 6144, a multiple of 1024. */
  readonly memorySizeMb: number;
  /** 1 to 200. */
  readonly maxConcurrency: number;
}

/** Instances follow the requests: as many as keep each at the target. */
export interface AutoscalingPolicy {
  readonly min: number;
  readonly max: number;
  /** Requests of one instance in one minute. */
  readonly targetInvocationsPerInstance: number;
}

/** Held-out rows that a segment needs to be judged, where its policy does not say. */
export const DEFAULT_SEGMENT_ROWS = 30;
/** How long a person may take, where the policy does not say. */
export const DEFAULT_APPROVAL_HOURS = 7 * 24;

/** Holds where no policy says otherwise. */
export const DEFAULT_POLICY: DeployPolicy = {
  gate: {
    metrics: [],
    beatMajority: true,
    champion: 'not_worse',
    segments: [],
    maxPValue: 0.05,
  },
  rollout: {
    strategy: 'all_at_once',
    stepPercent: 10,
    stepSeconds: 60,
    bakeSeconds: 0,
    alarms: { minRequests: 20, names: [] },
  },
};
