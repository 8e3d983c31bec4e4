// The images on the daemon, and what is pulled to it.
//
// I1. An image is told apart by the digest its registry knows it by, else by its id: never by its tag.
// I2. A pull is shared by all who wait for the image, and outlives the task that asked first.
// I3. What a registry refuses is final; a registry that cannot be reached just now is not.

import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import { imageNotThere, imagePullFailed } from '../../errors/container.js';
import { answered, reasonOf, statusOf, type Daemon } from './daemon.js';
import { repositoryOf, withTag } from './image-name.js';

/** `missing`: only images that the daemon lacks; `always`: asks the registry each time. */
export type PullPolicy = 'missing' | 'always' | 'never';

export interface LocalImage {
  /** Content address on the daemon: a container made of it cannot get another image. */
  readonly id: string;
  /** `sha256:<hex>` (I1). */
  readonly digest: string;
}

export interface ImageStoreOptions {
  readonly daemon: Daemon;
  readonly pull: PullPolicy;
  readonly authFor: (image: string) => Promise<AuthConfig | undefined>;
  readonly onProgress: (message: string) => void;
}

const REGISTRY_MS = 60_000;
const UNREACHABLE =
  /dial tcp|no such host|i\/o timeout|timeout exceeded|TLS handshake|connection (refused|reset)|EOF|toomanyrequests|server misbehaving|50[0234]/i;

export class ImageStore {
  private readonly pulls = new Map<string, Promise<LocalImage>>();

  constructor(private readonly options: ImageStoreOptions) {}

  /** Digest of what would run, without pulling it (I1). @throws E_IMAGE when it cannot be had */
  async digest(image: string): Promise<string> {
    const { pull } = this.options;
    const local = pull === 'always' ? undefined : await this.local(image);
    if (local !== undefined) return local.digest;
    if (pull === 'never') throw imageNotThere(image, 'it is not on the daemon, and pulling is off');
    return this.remoteDigest(image);
  }

  /** Makes the image ready to run. @throws E_IMAGE: retryable when the registry was not reached (I3) */
  async ready(image: string): Promise<LocalImage> {
    const { pull } = this.options;
    const local = pull === 'always' ? undefined : await this.local(image);
    if (local !== undefined) return local;
    if (pull === 'never') throw imageNotThere(image, 'it is not on the daemon, and pulling is off');
    let pulling = this.pulls.get(image);
    if (pulling === undefined) {
      pulling = this.pull(image).finally(() => this.pulls.delete(image)); // I2
      this.pulls.set(image, pulling);
    }
    return pulling;
  }

  private async local(image: string): Promise<LocalImage | undefined> {
    try {
      const found = await answered(this.options.daemon.client.getImage(withTag(image)).inspect());
      return { id: found.Id, digest: digestOf(image, found) };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      if (statusOf(error) === 400) throw imageNotThere(image, reasonOf(error), error);
      throw error;
    }
  }

  private async remoteDigest(image: string): Promise<string> {
    const { daemon, authFor } = this.options;
    const authconfig = await authFor(image);
    try {
      const remote = daemon.client.getImage(withTag(image));
      const answer = (await answered(
        remote.distribution({ authconfig: authconfig ?? {} }),
        REGISTRY_MS,
      )) as { readonly Descriptor: { readonly digest: string } };
      return answer.Descriptor.digest;
    } catch (error) {
      throw this.pullError(image, error);
    }
  }

  private async pull(image: string): Promise<LocalImage> {
    const { daemon, authFor, onProgress } = this.options;
    const authconfig = await authFor(image);
    onProgress(`pulling image ${image}`);
    try {
      const stream = await daemon.client.pull(withTag(image), { authconfig });
      await new Promise<void>((resolve, reject) => {
        daemon.client.modem.followProgress(stream, (error: Error | null) =>
          error === null ? resolve() : reject(error),
        );
      });
    } catch (error) {
      throw this.pullError(image, error);
    }
    const local = await this.local(image);
    if (local === undefined) throw imagePullFailed(image, 'it was gone right after the pull');
    return local;
  }

  private pullError(image: string, error: unknown): Error {
    const reason = reasonOf(error);
    return UNREACHABLE.test(reason)
      ? imagePullFailed(image, reason, error)
      : imageNotThere(image, reason, error);
  }
}

function digestOf(image: string, { Id, RepoDigests }: Docker.ImageInspectInfo): string {
  const repository = repositoryOf(image);
  const known = (RepoDigests ?? []).map((line) => line.split('@'));
  const match =
    known.find(([name = '']) => name === repository || name.endsWith(`/${repository}`)) ?? known[0];
  const id = Id.startsWith('sha256:') ? Id : `sha256:${Id}`;
  return match?.[1] ?? id;
}
