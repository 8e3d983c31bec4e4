#!/usr/bin/env node
// Makes the secrets of docker-compose.yml: random ones, once; a secret that is there is never changed.
//
//   node bin/compose-secrets.mjs [FOLDER]     default: secrets, beside docker-compose.yml
//
// T1. The folder is its owner's alone. The files in it can be read by anybody who gets that far: a container mounts
//     each on its own, and reads it as a user of its own.

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(process.argv[2] ?? path.join(ROOT, 'secrets'));

mkdirSync(folder, { recursive: true, mode: 0o700 }); // T1
keep('postgres-password', randomText);
const accessKey = keep('s3-access-key', () => `anneal-${randomText().slice(0, 12)}`);
const secretKey = keep('s3-secret-key', randomText);
keep(
  'aws-credentials',
  () => `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`,
);

function keep(name, make) {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    writeFileSync(file, make(), { flag: 'wx' });
    chmodSync(file, 0o644); // whatever the umask
    console.log(`made ${file}`);
  }
  return readFileSync(file, 'utf8');
}

function randomText() {
  return randomBytes(24).toString('hex');
}
