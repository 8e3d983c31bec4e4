// Which images a process of this machine can stand in for.
//
// M1. Without a rule of the user's, an image is known by the last part of its name; registry, tag and digest
//     do not matter, because a process never has the image's files, only programs of the same names.
// M2. Anneal's own image is its python-tasks folder in the base environment.
// M3. An image that is in no list is refused, unless its command is a KFP lightweight component,
//     which brings its own program and says what it needs.
// M4. `sh` of Red Hat's images is bash, and that of busybox and alpine knows bash's `[[`: they get bash where
//     this machine has it, as Debian's dash would end their scripts with 127.
// M5. The first rule of the user's that fits an image decides; it goes before all of the above.

/** What a process runner may do in place of an image. */
export type ImageStandIn = 'anneal-tasks' | 'common' | 'unknown';

/** One entry of the user's rule file (M5). */
export interface ImageRule {
  /** Whole image reference; `*` stands for any text. */
  readonly image: string;
  /** `host`: this machine has the image's programs; `refuse`: it never stands in for it. */
  readonly use?: 'host' | 'refuse';
  /** Python of an environment that has what the image has. */
  readonly python?: string;
  /** Packages that the image has; an environment with them is built once. */
  readonly requirements?: readonly string[];
}

/** Operating system and interpreter images whose programs any Unix machine has. */
const COMMON_IMAGES: readonly RegExp[] = [
  /^(alpine|busybox|bash|debian|ubuntu|fedora|centos|rockylinux|amazonlinux)$/,
  /^(ubi\d*|ubi\d*-(minimal|micro)|debian-slim)$/,
  /^python(-\d+)?$/,
];
const BASH_IMAGES: readonly RegExp[] = [
  /^(alpine|busybox|bash|fedora|centos|rockylinux|amazonlinux)$/,
  /^ubi\d*(-(minimal|micro))?$/,
  /^python-\d+$/,
];

/** Tells what may stand in for an image (M1). */
export function imageStandIn(image: string): ImageStandIn {
  const name = imageName(image);
  if (name === 'anneal-tasks') return 'anneal-tasks';
  return COMMON_IMAGES.some((pattern) => pattern.test(name)) ? 'common' : 'unknown';
}

/** Whether the image's `sh` knows what only bash knows here (M4). */
export function shellIsBash(image: string): boolean {
  return BASH_IMAGES.some((pattern) => pattern.test(imageName(image)));
}

/** The user's rule for an image (M5). */
export function ruleFor(image: string, rules: readonly ImageRule[]): ImageRule | undefined {
  return rules.find((rule) => globOf(rule.image).test(image));
}

function globOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's');
}

function imageName(image: string): string {
  const withoutDigest = image.split('@')[0] ?? '';
  return (withoutDigest.split('/').at(-1) ?? '').split(':')[0] ?? '';
}
