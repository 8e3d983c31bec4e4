import type { PlatformSettings } from '../ir/platform/index.js';

/** Where a pod is placed changes nothing about what it computes. */
export function countingSettings(settings: PlatformSettings): PlatformSettings {
  const { variables, mounts, fields, labels, annotations, timeoutSeconds } = settings;
  const limit = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return { variables, mounts, fields, labels, annotations, ...limit };
}
