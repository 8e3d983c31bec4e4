// The user's credentials for a registry, as `docker login` left them.
//
// C1. A credential goes to the daemon in a header and nowhere else: not into errors, logs or progress.
// C2. A helper that fails means no credential: the registry's own refusal says more than the helper's.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthConfig } from 'dockerode';
import { registryOf } from './image-name.js';

interface LoginFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

type Credential = { readonly serveraddress: string } & (
  { readonly username: string; readonly password: string } | { readonly identitytoken: string }
);

const DOCKER_HUB = 'https://index.docker.io/v1/';
const HELPER = /^[\w.-]+$/;
const HELPER_MS = 10_000;

/** Finds the credential for an image's registry; undefined when the user has none. */
export async function registryAuth(
  image: string,
  variables: NodeJS.ProcessEnv,
): Promise<AuthConfig | undefined> {
  const file = await readLogins(variables);
  const registry = registryOf(image);
  const names =
    registry === 'docker.io' ? [DOCKER_HUB, registry] : [registry, `https://${registry}`];
  for (const name of names) {
    const found = await credential(file, name, variables);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readLogins({ DOCKER_CONFIG, HOME = '' }: NodeJS.ProcessEnv): Promise<LoginFile> {
  const folder = DOCKER_CONFIG ?? path.join(HOME, '.docker');
  try {
    return JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as LoginFile;
  } catch {
    return {};
  }
}

async function credential(
  file: LoginFile,
  name: string,
  variables: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  const helper = file.credHelpers?.[name] ?? file.credsStore;
  if (helper !== undefined && HELPER.test(helper)) return askHelper(helper, name, variables);
  const { auth = '', identitytoken } = file.auths?.[name] ?? {};
  if (identitytoken) return { identitytoken, serveraddress: name };
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return undefined;
  const [username, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return { username, password, serveraddress: name };
}

async function askHelper(
  helper: string,
  name: string,
  variables: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  const answer = await helperAnswer(`docker-credential-${helper}`, name, variables);
  if (answer === undefined) return undefined;
  const { Username = '', Secret = '' } = answer;
  if (Secret === '') return undefined;
  return Username === '<token>'
    ? { identitytoken: Secret, serveraddress: name }
    : { username: Username, password: Secret, serveraddress: name };
}

function helperAnswer(
  program: string,
  name: string,
  variables: NodeJS.ProcessEnv,
): Promise<{ readonly Username?: string; readonly Secret?: string } | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env: variables,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: HELPER_MS,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', () => resolve(undefined)); // C2
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      try {
        resolve(code === 0 ? (JSON.parse(text) as object) : undefined);
      } catch {
        resolve(undefined);
      }
    });
    child.stdin.end(name);
  });
}
