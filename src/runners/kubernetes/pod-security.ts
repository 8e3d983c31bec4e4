// Whom a pod's containers run as, and what they may do.
//
// S1. By default every pod passes the "restricted" Pod Security Standard: no root, no capabilities, no privilege
//     escalation, the runtime's seccomp profile, no token of the API server.
// S2. All containers of a pod run as one user, so that the launcher can read what the task wrote. Where the image
//     decides, the launcher is root with the one capability that reads and replaces other users' files.

import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';
import type { PodSettings } from '../../ir/platform/index.js';

export interface PodSecurity {
  readonly pod: V1PodSecurityContext;
  readonly task: V1SecurityContext;
  readonly transfer: V1SecurityContext;
  /** The user has no entry in the image, and so no home. */
  readonly isForeignUser: boolean;
}

const NO_PRIVILEGES: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

/** @param runAs  the worker's own rule, which the pipeline's securityContext goes before */
export function podSecurity(
  runAs: number | 'image',
  settings: PodSettings | undefined,
): PodSecurity {
  const user = settings?.runAsUser ?? (runAs === 'image' ? undefined : runAs);
  const group = settings?.runAsGroup ?? user;
  const seccompProfile = { type: 'RuntimeDefault' };
  if (user === undefined) {
    return {
      pod: { seccompProfile },
      task: { ...NO_PRIVILEGES, ...nonRoot(settings) },
      transfer: {
        ...NO_PRIVILEGES,
        runAsUser: 0,
        runAsNonRoot: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'], add: ['DAC_OVERRIDE'] },
      },
      isForeignUser: false,
    };
  }
  return {
    pod: {
      seccompProfile,
      runAsUser: user,
      runAsNonRoot: user !== 0,
      ...(group === undefined ? {} : { runAsGroup: group, fsGroup: group }),
      fsGroupChangePolicy: 'OnRootMismatch',
    },
    task: { ...NO_PRIVILEGES, ...nonRoot(settings) },
    transfer: { ...NO_PRIVILEGES, readOnlyRootFilesystem: true },
    isForeignUser: user !== 0,
  };
}

function nonRoot(settings: PodSettings | undefined): V1SecurityContext {
  return settings?.runAsNonRoot === undefined ? {} : { runAsNonRoot: settings.runAsNonRoot };
}
