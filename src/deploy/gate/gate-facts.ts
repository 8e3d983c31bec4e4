// What the gate of an endpoint looks at: plain facts, gathered from records and counted on rows.

/** Counts of python-tasks' gate_evidence; a fact that is absent has its reason in `unavailable`. */
export interface GateEvidence {
  readonly leak?: {
    readonly held_out_rows: number;
    /** Held-out rows whose features are those of a training row. */
    readonly overlap_rows: number;
    /** Held-out rows that repeat the features of an earlier one. */
    readonly repeated_rows: number;
    readonly train_rows: number;
  };
  /** Against always answering the most frequent class. */
  readonly scores?: PairedCounts & { readonly majority_right: number };
  /** Against the champion, on rows that neither was trained on. */
  readonly champion?: PairedCounts & {
    readonly champion_right: number;
    readonly left_out_rows: number;
  };
  /** Values of each column. */
  readonly segments?: Readonly<Record<string, readonly SegmentCount[]>>;
  readonly latency?: { readonly rows: number; readonly p50_ms: number; readonly p95_ms: number };
  readonly unavailable?: Readonly<Record<string, string>>;
}

export interface PairedCounts {
  readonly rows: number;
  readonly right: number;
  /** Rows that only the model gets right, and only the other one. */
  readonly wins: number;
  readonly losses: number;
  /** Of the exact one-sided test of wins against losses. */
  readonly p_value: number;
}

export interface SegmentCount {
  readonly value: string;
  readonly rows: number;
  readonly right: number;
}

/** Which model the endpoint serves now. */
export type ChampionFact =
  | { readonly state: 'none' }
  /** The challenger itself is live. */
  | { readonly state: 'same'; readonly digest: string }
  | { readonly state: 'other'; readonly digest: string }
  | { readonly state: 'unknown'; readonly digest?: string; readonly why: string };

export interface GateFacts {
  /** `sha256:<hex>` of the model about to be deployed. */
  readonly modelDigest: string | undefined;
  /** Metadata of the evaluation artifact; absent when the pipeline wires none to its deploy task. */
  readonly evaluation?: Readonly<Record<string, unknown>>;
  /** Whether lineage shows an evaluation of this very digest, asked only without `evaluation`. */
  readonly isEvaluatedInLineage?: boolean;
  /** Metrics that the evaluation recorded, by name. */
  readonly recorded: Readonly<Record<string, unknown>>;
  readonly champion: ChampionFact;
  readonly evidence: GateEvidence;
}
