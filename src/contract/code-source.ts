/** The state of the git work tree that a pipeline was published from. */
export interface CodeSource {
  /** 40 or 64 hexadecimal digits. */
  readonly commit: string;
  /** Whether the tree differed from its commit in a tracked file, or the pipeline's file is not in the commit. */
  readonly dirty: boolean;
  /** The pipeline's file, from the top of the work tree, with `/`. */
  readonly path: string;
  /** Address of the remote `origin`, without credentials. */
  readonly repository?: string;
}

const SHOWN_DIGITS = 12;

/** A source in a line: `train.yaml at 1f3a09bc55d0, with changes that are not committed`. */
export function codeSourceText({ commit, dirty, path }: CodeSource): string {
  const changes = dirty ? ', with changes that are not committed' : '';
  return `${path} at ${commit.slice(0, SHOWN_DIGITS)}${changes}`;
}
