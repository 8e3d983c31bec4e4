import { describe, expect, test } from 'vitest';
import { offerRunners, type Runner } from '../../../src/runners/index.js';

const runnerOf = (name: Runner['name'], events: string[] = []): Runner => ({
  name,
  files: 'host',
  check: () => Promise.resolve(),
  environmentDigest: () => Promise.resolve('sha256:0'),
  run: () => Promise.reject(new Error('not asked for')),
  endRun: (runId) => Promise.resolve(void events.push(`${name} end ${runId}`)),
  close: () => Promise.resolve(void events.push(`${name} close`)),
});

describe('the runners of a worker', () => {
  test('a run that names none gets the default', async () => {
    const runners = offerRunners('docker', {
      process: () => runnerOf('process'),
      docker: () => runnerOf('docker'),
    });

    expect((await runners.get()).name).toBe('docker');
    expect((await runners.get('process')).name).toBe('process');
  });

  test('each is opened once, and only when it is asked for', async () => {
    let opened = 0;
    const runners = offerRunners('process', {
      process: () => runnerOf('process'),
      docker: () => {
        opened += 1;
        return runnerOf('docker');
      },
    });

    await runners.get();
    expect(opened).toBe(0);
    const [first, second] = await Promise.all([runners.get('docker'), runners.get('docker')]);

    expect(first).toBe(second);
    expect(opened).toBe(1);
  });

  test('one that could not be opened is tried again (N1)', async () => {
    const answers = [Promise.reject(new Error('no daemon')), runnerOf('docker')];
    const runners = offerRunners('docker', { docker: () => answers.shift()! });

    await expect(runners.get()).rejects.toThrow('no daemon');

    expect((await runners.get()).name).toBe('docker');
  });

  test('one that is not offered is refused, naming those that are', async () => {
    const runners = offerRunners('process', { process: () => runnerOf('process') });

    await expect(runners.get('kubernetes')).rejects.toMatchObject({
      code: 'E_RUNNER',
      hint: expect.stringContaining('process') as string,
    });
  });

  test('those that were opened are told of the end of a run, and closed', async () => {
    const events: string[] = [];
    const runners = offerRunners('process', {
      process: () => runnerOf('process', events),
      docker: () => runnerOf('docker', events),
    });
    await runners.get();

    await runners.endRun('run-1');
    await runners.close();

    expect(events).toEqual(['process end run-1', 'process close']);
  });
});
