import { execaSync } from 'execa';
import { missingImage, TASKS_IMAGE } from './images.js';

/** Names and digests of the components' sources below a folder, the same text wherever they are the same. */
const LISTING =
  'find anneal_tasks anneal_launcher -type f ! -path "*/__pycache__/*" | LC_ALL=C sort | xargs sha256sum';

/** Why anneal-tasks of these very sources cannot run here, said on stderr; undefined when it can. */
export function missingCurrentTasksImage(): string | undefined {
  const missing = missingImage(TASKS_IMAGE);
  if (missing !== undefined) return missing;
  const here = execaSync('sh', ['-c', LISTING], { cwd: 'python-tasks' });
  // The image's working folder is where its sources are.
  const there = execaSync('docker', ['run', '--rm', TASKS_IMAGE, 'sh', '-c', LISTING]);
  if (here.stdout === there.stdout) return undefined;
  const reason = `${TASKS_IMAGE} was built from other sources; make it anew with: npm run images -- tasks`;
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return reason;
}
