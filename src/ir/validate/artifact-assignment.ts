import type { ArtifactTypeSchemaJson } from '../spec.js';

/** What an input or output says about its artifacts. */
export interface ArtifactPort {
  readonly artifactType?: ArtifactTypeSchemaJson;
  readonly isArtifactList?: boolean;
}

const ANY_ARTIFACT = 'system.Artifact';

/**
 * Whether an artifact of one type may be passed to an input of another, as KFP's SDK has it
 * (kfp/dsl/types/type_utils.py, check_artifact_type_compatibility): both lists or both single, and
 * equal titles of one major version; system.Artifact on either side goes with every type. Types
 * given by schema instead of title are not compared.
 */
export function isArtifactAssignable(given: ArtifactPort, wanted: ArtifactPort): boolean {
  if ((given.isArtifactList ?? false) !== (wanted.isArtifactList ?? false)) return false;
  return isTypeAssignable(given.artifactType, wanted.artifactType);
}

/** The rule for the types alone, of lists or of single artifacts. */
export function isTypeAssignable(
  given: ArtifactTypeSchemaJson = {},
  wanted: ArtifactTypeSchemaJson = {},
): boolean {
  const titles = [given.schemaTitle, wanted.schemaTitle];
  if (titles.includes(undefined) || titles.includes(ANY_ARTIFACT)) return true;
  return given.schemaTitle === wanted.schemaTitle && major(given) === major(wanted);
}

/** Names a port's type for messages: `list of system.Dataset@0.0.1`. */
export function artifactTypeText({ artifactType = {}, isArtifactList }: ArtifactPort): string {
  const { schemaTitle = 'a type given by schema', schemaVersion } = artifactType;
  const name = schemaVersion === undefined ? schemaTitle : `${schemaTitle}@${schemaVersion}`;
  return isArtifactList === true ? `list of ${name}` : name;
}

function major({ schemaVersion = '0' }: ArtifactTypeSchemaJson): string {
  return schemaVersion.split('.')[0]!;
}
