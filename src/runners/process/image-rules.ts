// Which images a process of this machine can stand in for.
//
// M1. An image is known by the last part of its name; registry, tag and digest do not matter, because
//     a process never has the image's files, only programs of the same names.
// M2. Anneal's own image is its python-tasks folder in the base environment.
// M3. An image that is in no list is refused, unless its command is a KFP lightweight component,
//     which brings its own program and says what it needs.

/** What a process runner may do in place of an image. */
export type ImageStandIn = 'anneal-tasks' | 'common' | 'unknown';

/** Operating system and interpreter images whose programs any Unix machine has. */
const COMMON_IMAGES: readonly RegExp[] = [
  /^(alpine|busybox|bash|debian|ubuntu|fedora|centos|rockylinux|amazonlinux)$/,
  /^(ubi\d*|ubi\d*-(minimal|micro)|debian-slim)$/,
  /^python(-\d+)?$/,
];

/** Tells what may stand in for an image (M1). */
export function imageStandIn(image: string): ImageStandIn {
  const name = imageName(image);
  if (name === 'anneal-tasks') return 'anneal-tasks';
  return COMMON_IMAGES.some((pattern) => pattern.test(name)) ? 'common' : 'unknown';
}

function imageName(image: string): string {
  const withoutDigest = image.split('@')[0] ?? '';
  return (withoutDigest.split('/').at(-1) ?? '').split(':')[0] ?? '';
}
