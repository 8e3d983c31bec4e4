import path from 'node:path';
import { ensurePythonEnvironment, PACKAGE_ROOT } from '../devserver/index.js';
import {
  fakeVariables,
  fasterClock,
  ServingHost,
  startFakeSageMaker,
} from '../devserver/fake-sagemaker/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';

// An endpoint that takes AWS seven minutes is up in twenty seconds, and there is still time to look.
const SPEED = 20;

/** Runs `body` with a fake SageMaker on loopback, and with the variables that lead to it. */
export async function withFakeSageMaker<Result>(
  context: CliContext,
  body: (context: CliContext) => Promise<Result>,
): Promise<Result> {
  const { environment, output } = context;
  const report = (line: string): void => output.progress(output.colors.dim(line));
  const settings = await cliSettings(environment);
  const { python } = await ensurePythonEnvironment({ settings, report });
  const pythonTasksFolder = path.join(PACKAGE_ROOT, 'python-tasks');
  const fake = await startFakeSageMaker({
    clock: fasterClock(SPEED),
    host: (objects) =>
      new ServingHost({ python, pythonTasksFolder, read: (uri) => objects.read(uri) }),
  });
  const variables = fakeVariables(fake.url);
  output.progress(
    [
      `SageMaker is faked at ${fake.url}, ${SPEED} times as fast. In other shells:`,
      ...Object.entries(variables).map(([name, value]) => `  export ${name}=${value}`),
    ].join('\n'),
  );
  // Workers inherit the variables of this process; its commands read those of their context.
  Object.assign(process.env, variables);
  try {
    const env = { ...environment.env, ...variables };
    return await body({ ...context, environment: { ...environment, env } });
  } finally {
    await fake.close();
  }
}
