import { execaSync } from 'execa';

/**
 * Gives an image of this machine further names, so that pipelines find what they ask for without any registry.
 *
 * @param image  what stands in
 * @param names  references as pipelines write them; one that the daemon has already stays what it is
 * @returns takes the names away again
 */
export function standInImages(image: string, names: readonly string[]): () => void {
  const given = names.filter((name) => docker('image', 'inspect', name).failed);
  for (const name of given) {
    const { failed, stderr } = docker('tag', image, name);
    if (failed) throw new Error(`docker tag ${image} ${name}: ${stderr}`);
  }
  return () => {
    // Without the image's own name: that goes last, if ever.
    for (const name of given) docker('image', 'rm', '--no-prune', name);
  };
}

const docker = (...args: readonly string[]): { failed: boolean; stderr: string } =>
  execaSync('docker', args, { reject: false });
