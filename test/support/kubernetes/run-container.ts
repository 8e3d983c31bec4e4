// One container of a pod as a process of this machine: its own file tree with the pod's volumes, its own process ids,
// output in a file. The image is this machine's own tree; needs root.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { V1Container } from '@kubernetes/client-node';

export interface ContainerEnd {
  readonly exitCode: number;
  readonly message: string;
}

export interface ContainerRequest {
  readonly container: V1Container;
  /** Folder of this container's own files. */
  readonly folder: string;
  readonly logFile: string;
  /** Folders of the pod's volumes, by name. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Variables of the image, and those that the node resolved. */
  readonly env: Readonly<Record<string, string>>;
  /** The image's own. */
  readonly workingFolder: string;
}

const SCRIPT = `
mount --make-rprivate /
mount -t tmpfs none "$R"
for entry in /*; do
  name=\${entry#/}
  case $name in proc|dev|tmp|anneal) continue;; esac
  if [ -L "$entry" ]; then cp -P "$entry" "$R/$name"
  elif [ -d "$entry" ]; then mkdir "$R/$name"; mount --rbind "$entry" "$R/$name"; fi
done
mkdir "$R/proc" "$R/dev" "$R/tmp"
chmod 1777 "$R/tmp"
mount -t proc none "$R/proc"
mount -t tmpfs none "$R/dev"
for device in null zero full random urandom; do touch "$R/dev/$device"; mount --bind "/dev/$device" "$R/dev/$device"; done
touch "$R/dev/termination-log"; mount --bind "$TERMINATION" "$R/dev/termination-log"
while IFS='	' read -r source target mode; do
  [ -n "$target" ] || continue
  mkdir -p "$R$target"; mount --bind "$source" "$R$target"
  if [ "$mode" = ro ]; then mount -o remount,ro,bind "$R$target"; fi
done < "$MOUNTS"
exec chroot "$R" /usr/bin/env -i -C "$WORK" "$@"
`;

/** Starts a container. @returns what ends it, and its end */
export function runContainer(request: ContainerRequest): {
  readonly stop: (signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly end: Promise<ContainerEnd>;
} {
  const { container, folder, logFile, env } = request;
  const own = (name: string): string => path.join(folder, name);
  mkdirSync(own('root'), { recursive: true });
  writeFileSync(own('termination'), '', { mode: 0o666 });
  writeFileSync(own('mounts'), mountLines(request));
  const expand = (text: string): string => expandVariables(text, env);
  const argv = [...(container.command ?? []), ...(container.args ?? [])].map(expand);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const log = openSync(logFile, 'w');
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child=KILL',
      'sh',
      '-euc',
      SCRIPT,
      'sh',
      ...variables,
      ...argv,
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env['PATH'],
        R: own('root'),
        TERMINATION: own('termination'),
        MOUNTS: own('mounts'),
        WORK: container.workingDir ?? request.workingFolder,
      },
    },
  );
  closeSync(log);
  return { stop: (signal) => kill(child, signal), end: endOf(child, own('termination')) };
}

function mountLines({ container, volumes }: ContainerRequest): string {
  return (container.volumeMounts ?? [])
    .map(({ name, mountPath, subPath = '', readOnly }) => {
      const source = path.join(volumes.get(name) ?? '', subPath);
      mkdirSync(source, { recursive: true });
      return `${source}\t${mountPath}\t${readOnly ? 'ro' : 'rw'}\n`;
    })
    .join('');
}

function endOf(child: ChildProcess, termination: string): Promise<ContainerEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const message = readFileSync(termination, 'utf8').slice(0, 4096);
      resolve({ exitCode: code ?? (signal === 'SIGKILL' ? 137 : 143), message });
    });
  });
}

// The process of the container is the first of its own process ids: it must want to hear a TERM.
function kill(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended.
  }
}

/** Kubernetes' own rule: `$(NAME)` of known names is replaced, `$$` is a dollar. */
export function expandVariables(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, next: string, name?: string) => {
    if (next === '$') return '$';
    return name !== undefined && Object.hasOwn(env, name) ? env[name]! : whole;
  });
}
