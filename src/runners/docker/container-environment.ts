// The environment variables of a container.
//
// V1. Nothing of the worker's own environment is in it; a task that installs packages gets the settings of the
//     package index, and no more.
// V2. Hidden variables (secrets, index addresses with passwords) never show in the container's description where
//     the command is a shell's: it reads them from a file that only the task's user can.
// V3. The component's own variables win.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { contractVariables } from '../task-contract/index.js';
import { CONTAINER_TASK_FOLDER } from '../task-files.js';

type Variables = Readonly<Record<string, string>>;

/** Folder of a container that HOME is in: on disk, as packages are installed there. */
export const CONTAINER_HOME = '/anneal/home';
/** File with the hidden variables. */
export const HIDDEN_VARIABLES_FILE = '/anneal/variables';
/** The worker's certificates. */
export const CERTIFICATES_FILE = '/anneal/certificates.pem';

const FOR_INSTALLS = /^(PIP_|UV_|https?_proxy$|no_proxy$|all_proxy$)/i;
/** Paths of this machine, which a container does not have. */
const OF_THIS_MACHINE =
  /^(PIP_CERT|PIP_CONFIG_FILE|PIP_CACHE_DIR|PIP_LOG|PIP_CLIENT_CERT|UV_.*DIR|UV_.*FILE)$/;
const CERTIFICATE_VARIABLES = ['PIP_CERT', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];

export interface ContainerEnvironmentOptions {
  /** Mark by which a process of this execution is known. */
  readonly token: string;
  readonly cpus?: number;
  readonly own: Variables;
}

/** Variables that show in the container's description. */
export function containerEnvironment({ token, cpus, own }: ContainerEnvironmentOptions): Variables {
  return {
    ...contractVariables({ errorFile: `${CONTAINER_TASK_FOLDER}/_error.json`, token, cpus }),
    HOME: CONTAINER_HOME,
    TMPDIR: '/tmp',
    USER: 'anneal',
    LOGNAME: 'anneal',
    ...own,
  };
}

/** What a task that installs packages gets of the worker (V1). */
export interface InstallSettings {
  readonly variables: Variables;
  /** The worker's certificates on this machine. */
  readonly certificates?: string;
  /** Folder of packages on this machine, which the container sees under the same path. */
  readonly packages?: string;
}

/** Reads the settings of the package index off the worker's environment. */
export function installSettings(worker: NodeJS.ProcessEnv): InstallSettings {
  const kept = Object.entries(worker).filter(
    (entry): entry is [string, string] =>
      FOR_INSTALLS.test(entry[0]) && !OF_THIS_MACHINE.test(entry[0]) && entry[1] !== undefined,
  );
  const certificates = CERTIFICATE_VARIABLES.map((name) => worker[name]).find(isFileHere);
  const found = worker.PIP_FIND_LINKS;
  return {
    variables: {
      ...Object.fromEntries(kept),
      ...Object.fromEntries(
        certificates === undefined
          ? []
          : CERTIFICATE_VARIABLES.map((name) => [name, CERTIFICATES_FILE]),
      ),
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_CACHE_DIR: '1',
      // The image's Python may be the distribution's, which keeps pip out; here it cannot be harmed.
      PIP_BREAK_SYSTEM_PACKAGES: '1',
      TMPDIR: `${CONTAINER_HOME}/tmp`,
    },
    ...(certificates === undefined ? {} : { certificates }),
    ...(isFileHere(found) ? { packages: found } : {}),
  };
}

/** A shell script that sets variables to exactly these values. */
export function variablesScript(variables: Variables): string {
  const lines = Object.entries(variables)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  return lines.join('');
}

/** The shell of a command that begins with one. */
export function shellOf(command: readonly string[]): string | undefined {
  const [first = ''] = command;
  return /^(\/(usr\/)?bin\/)?(ba|da)?sh$/.test(first) ? first : undefined;
}

function isFileHere(file: string | undefined): file is string {
  return file !== undefined && path.isAbsolute(file) && existsSync(file);
}
