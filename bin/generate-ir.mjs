#!/usr/bin/env node
// Generates src/ir/generated from the protobuf descriptors in KFP's Python packages.
//
// Usage: ANNEAL_DEV_PYTHON=<python> node bin/generate-ir.mjs [output folder]
// The interpreter needs the packages of PYTHON_PACKAGES; nothing is downloaded here.
//
// G1. The output depends on the descriptors alone: equal packages give equal bytes.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';

const PYTHON_PACKAGES = [
  'kfp-pipeline-spec==2.17.3',
  'kfp-kubernetes==2.17.0',
  'googleapis-common-protos',
];
const PLUGIN_OPTIONS = 'target=ts,import_extension=js,json_types=true';
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const output = process.argv[2] ?? join(project, 'src/ir/generated');

writeFiles(runPlugin(readDescriptors()), output);

/** Asks Python for the serialised descriptors of all files, dependencies first. */
function readDescriptors() {
  const python = process.env.ANNEAL_DEV_PYTHON ?? 'python3';
  const script = join(project, 'python-tasks/tools/dump_descriptors.py');
  const result = spawnSync(python, [script], { maxBuffer: MAX_OUTPUT_BYTES });
  if (result.status !== 0) {
    process.stderr.write(result.stderr ?? `${result.error}\n`);
    fail(`${python} needs: pip install --no-deps ${PYTHON_PACKAGES.join(' ')} protobuf`);
  }
  const files = fromBinary(FileDescriptorSetSchema, result.stdout).file;
  files.flatMap(({ messageType }) => messageType).forEach(setJsonNames);
  return files;
}

/** Sets what protoc would: Python's descriptors leave json_name out. */
function setJsonNames(message) {
  for (const field of message.field) field.jsonName ||= protoCamelCase(field.name);
  message.nestedType.forEach(setJsonNames);
}

/** Runs protoc-gen-es as protoc would: a CodeGeneratorRequest in, a response out. */
function runPlugin(files) {
  const request = create(CodeGeneratorRequestSchema, {
    parameter: PLUGIN_OPTIONS,
    protoFile: files,
    fileToGenerate: files
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('google/protobuf/')),
  });
  const plugin = join(project, 'node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es');
  const result = spawnSync(process.execPath, [plugin], {
    input: toBinary(CodeGeneratorRequestSchema, request),
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (result.status !== 0) fail(String(result.stderr));
  const response = fromBinary(CodeGeneratorResponseSchema, result.stdout);
  if (response.error) fail(response.error);
  return response.file;
}

function writeFiles(files, folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const { name, content } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function fail(message) {
  process.stderr.write(`generate-ir: ${message}\n`);
  process.exit(1);
}
