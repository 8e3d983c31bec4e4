/** A package as it is installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Hex digest over the package's installed files; absent where the installer left no record of them. */
  readonly sha256?: string;
}

/** What ran a task's code. */
export interface EnvironmentDescription {
  /** Python's version. */
  readonly python: string;
  readonly implementation: string;
  /** `linux-x86_64`. */
  readonly platform: string;
  /** Operating system with its release. */
  readonly os: string;
  /** Sorted by name. */
  readonly packages: readonly InstalledPackage[];
}
