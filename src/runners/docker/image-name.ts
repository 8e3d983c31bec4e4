/** The registry of an image reference, as credentials name it; `docker.io` when the reference names none. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

/** A reference with its tag: a pull without one would fetch every tag. */
export function withTag(image: string): string {
  const last = image.split('/').at(-1) ?? '';
  return /[:@]/.test(last) ? image : `${image}:latest`;
}

/** The reference without tag and digest. */
export function repositoryOf(image: string): string {
  const [withoutDigest = ''] = image.split('@');
  return withoutDigest.replace(/:[^:/]*$/, '');
}

/** What runs where a component names Anneal's own image. */
export function withTasksImage(image: string, tasksImage: string | undefined): string {
  return tasksImage !== undefined && /^anneal-tasks([:@]|$)/.test(image) ? tasksImage : image;
}
