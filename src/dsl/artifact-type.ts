// Artifact types: what a component says about the files it reads and writes.

/** The type of one artifact; `Title` is KFP's schema title, e.g. `system.Dataset`. */
export interface ArtifactType<Title extends string = string, Required extends boolean = boolean> {
  readonly kind: 'artifact';
  readonly schemaTitle: Title;
  readonly schemaVersion: string;
  readonly isRequired: Required;
  readonly description?: string;
}

/** The type of a list of artifacts of one type. */
export interface ArtifactListType<
  Title extends string = string,
  Required extends boolean = boolean,
> {
  readonly kind: 'artifact-list';
  readonly schemaTitle: Title;
  readonly schemaVersion: string;
  readonly isRequired: Required;
  readonly description?: string;
}

/**
 * Declares an artifact type of one's own, e.g. `google.VertexModel`.
 *
 * @param schemaVersion  default `0.0.1`: kfp.dsl.types.type_utils.DEFAULT_ARTIFACT_SCHEMA_VERSION
 */
export function artifactType<const Title extends string>(
  schemaTitle: Title,
  schemaVersion = '0.0.1',
): ArtifactType<Title, true> {
  return { kind: 'artifact', schemaTitle, schemaVersion, isRequired: true };
}

/** Any artifact: accepts all types, and is accepted everywhere (as in KFP). */
export const Artifact = artifactType('system.Artifact');
export const Dataset = artifactType('system.Dataset');
export const Model = artifactType('system.Model');
export const Metrics = artifactType('system.Metrics');
export const ClassificationMetrics = artifactType('system.ClassificationMetrics');
export const SlicedClassificationMetrics = artifactType('system.SlicedClassificationMetrics');
export const HTML = artifactType('system.HTML');
export const Markdown = artifactType('system.Markdown');

/** A list of artifacts: `listOf(Dataset)`. */
export function listOf<Title extends string>(
  item: ArtifactType<Title>,
): ArtifactListType<Title, true> {
  return { ...item, kind: 'artifact-list', isRequired: true };
}
