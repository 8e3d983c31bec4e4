// The images that ours are built on, made without an image registry.
//
// L1. An image is made once for its recipe, whose digest is its tag. `refresh` makes it anew, with the newest packages
//     of the Debian release.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findImage } from './docker.mjs';
import { makeNodeBase } from './node-base.mjs';
import { makePythonBase } from './python-base.mjs';

const RECIPES = ['./python-base.mjs', './node-base.mjs'];

/**
 * Makes the base images that are not there yet (L1).
 *
 * @param {{ folder: string, architecture: 'amd64' | 'arm64' }} context  `folder`: for what is downloaded
 * @param {{ refresh?: boolean }} [options]
 * @returns {Promise<{ PYTHON_IMAGE: string, NODE_IMAGE: string }>} references, by the Dockerfiles' argument
 */
export async function baseImages(context, { refresh = false } = {}) {
  const tag = recipesDigest(context);
  const makers = {
    PYTHON_IMAGE: { reference: `anneal-base-python:${tag}`, make: makePythonBase },
    NODE_IMAGE: { reference: `anneal-base-node:${tag}`, make: makeNodeBase },
  };
  for (const { reference, make } of Object.values(makers)) {
    if (refresh || (await findImage(reference)) === undefined) await make(context, reference);
  }
  return { PYTHON_IMAGE: makers.PYTHON_IMAGE.reference, NODE_IMAGE: makers.NODE_IMAGE.reference };
}

function recipesDigest({ architecture }) {
  const hash = createHash('sha256').update(architecture);
  for (const recipe of RECIPES) hash.update(readFileSync(new URL(recipe, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
}
