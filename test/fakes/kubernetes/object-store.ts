// The objects of one namespace, with versions and watches as an API server keeps them.

import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';

export type Kind = 'jobs' | 'pods' | 'persistentvolumeclaims' | 'events';
/** An object as JSON: times are texts. */
export type StoredObject = KubernetesObject & {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fake reads fields of any kind
  [field: string]: any;
};
export type Change = 'ADDED' | 'MODIFIED' | 'DELETED';
type Listener = (kind: Kind, change: Change, object: StoredObject) => void;

export class ObjectStore {
  private readonly objects = new Map<string, StoredObject>();
  private readonly listeners = new Set<Listener>();
  private version = 1;

  /** @returns undefined when one of that name is there */
  create(kind: Kind, object: StoredObject): StoredObject | undefined {
    const meta = object.metadata ?? {};
    const name = meta.name ?? `${meta.generateName ?? ''}${randomUUID().slice(0, 5)}`;
    const key = `${kind}/${name}`;
    if (this.objects.has(key)) return undefined;
    const creationTimestamp = new Date().toISOString() as unknown as Date;
    const metadata = { ...meta, name, namespace: 'tasks', uid: randomUUID(), creationTimestamp };
    return this.write(kind, 'ADDED', { ...object, metadata });
  }

  get(kind: Kind, name: string): StoredObject | undefined {
    return this.objects.get(`${kind}/${name}`);
  }

  list(kind: Kind): StoredObject[] {
    const own = [...this.objects].filter(([key]) => key.startsWith(`${kind}/`));
    return own.map(([, object]) => object);
  }

  /** Changes an object that is still there. */
  update(kind: Kind, name: string, change: (object: StoredObject) => StoredObject): void {
    const object = this.get(kind, name);
    if (object !== undefined) this.write(kind, 'MODIFIED', change(structuredClone(object)));
  }

  remove(kind: Kind, name: string): void {
    const object = this.get(kind, name);
    if (object === undefined) return;
    this.objects.delete(`${kind}/${name}`);
    this.tell(kind, 'DELETED', object);
  }

  /** @returns what ends it */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private write(kind: Kind, change: Change, object: StoredObject): StoredObject {
    this.version += 1;
    const resourceVersion = String(this.version);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    this.objects.set(`${kind}/${object.metadata!.name}`, stored);
    this.tell(kind, change, stored);
    return stored;
  }

  private tell(kind: Kind, change: Change, object: StoredObject): void {
    for (const listener of [...this.listeners]) listener(kind, change, object);
  }
}

/** Whether labels fit `a=b,c=d`. */
export function fits(object: StoredObject, selector: string | null): boolean {
  const labels = object.metadata?.labels ?? {};
  return (selector ?? '')
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [key = '', value] = term.split('=');
      return labels[key] === value;
    });
}
