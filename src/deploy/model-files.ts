import { deployErrors } from '../errors/index.js';
import { listArtifactFiles, type ArtifactFiles } from '../storage/local/index.js';

/**
 * Lists the files of the model to deploy.
 *
 * @throws E_ARTIFACT when there are none, or anything but files and folders
 */
export async function listModelFiles(modelPath: string): Promise<ArtifactFiles> {
  const listed = await listArtifactFiles(modelPath);
  if (listed === undefined || listed.files.length === 0) {
    throw deployErrors.modelDamaged('its files are missing', { modelPath });
  }
  return listed;
}
