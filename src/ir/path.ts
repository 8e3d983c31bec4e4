// Places inside a pipeline: as a path of keys, and as the text shown to the user.

/**
 * Keys and indexes from a document's root, in protojson names. The first document is the pipeline
 * spec; a path into the second one, the platform spec, begins with the number 1.
 */
export type SpecPath = readonly (string | number)[];

/** Where a path is in the text it was read from: `file:line:column`, or the path itself. */
export type Locate = (path: SpecPath) => string;

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** Writes a path the way it is shown: `root.dag.tasks.train.inputs["a b"][0]`. */
export function pathText(path: SpecPath): string {
  const keys = typeof path[0] === 'number' ? path.slice(1) : path;
  const text = keys.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return text.join('').replace(/^\./, '') || 'the document';
}
