import type { Settings } from '../../config/index.js';
import { findProgram } from '../find-program.js';
import { runProgram } from '../run-program.js';
import { finding, type DoctorFinding } from './finding.js';

const INSTALL = 'apt-get install docker.io, and: usermod -aG docker $USER';
const BUILD = 'npm run images, or name another one with ANNEAL_TASKS_IMAGE';

/** The container daemon: wanted when tasks run in containers by default, else only told of. */
export function checkDocker(settings: Settings): Promise<DoctorFinding[]> {
  if (settings.runner !== 'docker') {
    const describe = (): Promise<string> =>
      describeDaemon().catch((error: unknown) => (error as Error).message);
    return Promise.all([finding('Docker (optional)', '', describe)]);
  }
  return Promise.all([
    finding('Docker', INSTALL, describeDaemon),
    finding('Docker limits', 'Boot with cgroup_enable=memory swapaccount=1.', describeLimits),
    finding('Tasks image', BUILD, () => describeImage(settings.tasksImage ?? 'anneal-tasks')),
  ]);
}

async function describeDaemon(): Promise<string> {
  const version = await ask(['version', '--format', '{{.Server.Version}}']);
  return `${version} (${findProgram('docker')})`;
}

async function describeLimits(): Promise<string> {
  const format = '{{.MemoryLimit}} {{.SwapLimit}} {{.PidsLimit}}';
  const [memory, swap, pids] = (await ask(['info', '--format', format])).split(' ');
  const missing = [
    ...(memory === 'true' ? [] : ['memory']),
    ...(swap === 'true' ? [] : ['swap']),
    ...(pids === 'false' ? ['processes'] : []),
  ];
  if (missing.length > 0) throw new Error(`the daemon cannot limit ${missing.join(', ')}`);
  return 'memory, swap and processes';
}

async function describeImage(image: string): Promise<string> {
  const list = await ask(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}', image]);
  if (list === '') throw new Error(`${image} is not on the daemon`);
  return list.split('\n')[0]!;
}

async function ask(args: readonly string[]): Promise<string> {
  const program = findProgram('docker');
  if (program === undefined) throw new Error('not installed');
  const result = await runProgram(program, [...args], { timeoutMs: 5_000 });
  if (!result.ok) throw new Error('installed, but its daemon does not answer');
  return result.stdout.trim();
}
