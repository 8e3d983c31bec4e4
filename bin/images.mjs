#!/usr/bin/env node
// `npm run images`: builds the container images.
//
//   npm run images                        anneal-tasks:<version> and anneal-worker:<version>
//   npm run images -- tasks               one of them: tasks or worker
//   npm run images -- --refresh           with base images made anew, of Debian's newest packages
//   npm run images -- --from-registry     on the public images of Python and Node instead of Debian's packages
//
// M1. Its last lines are one JSON object for each image, with reference, id and size in MB (10^6 bytes); all else goes
//     to stderr.
// M2. Without --from-registry no image registry is asked. Packages come from the sources that apt, npm and pip have on
//     this machine; neither their settings nor its certificates get into an image.

import { parseArgs } from 'node:util';
import { baseImages } from './lib/images/base-images.mjs';
import { buildImage } from './lib/images/build-image.mjs';
import { IMAGE_PLANS } from './lib/images/image-plans.mjs';
import { labelArguments } from './lib/images/label-arguments.mjs';
import { openContext } from './lib/images/open-context.mjs';
import { SetupError } from './lib/run-step.mjs';
import { ROOT, runOrExplain, setUp } from './setup.mjs';

async function images(args) {
  const { names, isPublic, refresh } = readArguments(args);
  await setUp();
  const context = await openContext();
  const bases = isPublic ? {} : await baseImages(context, { refresh });
  const labels = await labelArguments(ROOT, bases.PYTHON_IMAGE);
  const lines = [];
  for (const name of names) {
    const image = await build(IMAGE_PLANS[name], { context, labels, bases });
    lines.push(JSON.stringify(image));
  }
  console.log(lines.join('\n'));
}

function readArguments(args) {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'from-registry': { type: 'boolean' }, refresh: { type: 'boolean' } },
  });
  const known = Object.keys(IMAGE_PLANS);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no image "${unknown}"; there are ${known.join(' and ')}.`);
  }
  return {
    names: positionals.length > 0 ? positionals : known,
    isPublic: values['from-registry'] === true,
    refresh: values.refresh === true,
  };
}

async function build(plan, { context, labels, bases }) {
  const prepared = [];
  for (const prepare of plan.prepare) prepared.push(await prepare(context));
  const given = plan.bases.filter((name) => bases[name] !== undefined);
  const request = {
    reference: plan.reference(labels.VERSION),
    dockerfile: plan.dockerfile,
    files: plan.files,
    prepared,
    buildArguments: { ...labels, ...Object.fromEntries(given.map((name) => [name, bases[name]])) },
  };
  return buildImage(request, context);
}

await runOrExplain(() => images(process.argv.slice(2)));
