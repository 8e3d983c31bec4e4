import { execaSync } from 'execa';

/** The command of Compose, version 2 or 1; undefined, and a line on stderr, when there is none. */
export const COMPOSE = findCompose();

function findCompose(): readonly [program: string, ...args: string[]] | undefined {
  const works = (program: string, ...args: string[]): boolean =>
    !execaSync(program, [...args, 'version'], { reject: false }).failed;
  if (works('docker', 'compose')) return ['docker', 'compose'];
  if (works('docker-compose')) return ['docker-compose'];
  process.stderr.write('SKIPPED: docker-compose.yml is not checked, Compose is not installed.\n');
  return undefined;
}
