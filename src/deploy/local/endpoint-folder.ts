import { join } from 'node:path';

/** Where one local endpoint keeps everything it owns; every folder is 0700. */
export interface EndpointFolder {
  readonly root: string;
  /** The endpoint's record: port, current and previous variant. */
  readonly record: string;
  /** Folder of the supervisor's lease. */
  readonly lease: string;
  /** Control socket, 0600. */
  readonly socket: string;
  readonly log: string;
  /** Folder of the requests that are kept for monitoring. */
  readonly capture: string;
  /** Folder of the variants; one folder each. */
  readonly variants: string;
  variant(id: string): { readonly folder: string; readonly log: string };
}

export const CONTROL_SOCKET = 'control.sock';

/** Names the files of the endpoint kept at `root`. */
export function endpointFolder(root: string): EndpointFolder {
  const variants = join(root, 'variants');
  return {
    root,
    record: join(root, 'endpoint.json'),
    lease: join(root, 'lease'),
    socket: join(root, CONTROL_SOCKET),
    log: join(root, 'supervisor.log'),
    capture: join(root, 'capture'),
    variants,
    variant: (id) => ({ folder: join(variants, id), log: join(variants, id, 'serving.log') }),
  };
}
