import { describe, expect, it } from 'vitest';
import {
  component,
  Dataset,
  eq,
  exitHandler,
  finalStatus,
  importer,
  pipeline,
  string,
  when,
} from '../../../src/dsl/index.js';

const image = 'python:3.11';
const say = component({
  name: 'say',
  inputs: { text: string({ default: '' }), mood: string({ optional: true }) },
  outputs: { said: string() },
  container: { image },
});
const notify = component({
  name: 'notify',
  inputs: { status: finalStatus(), text: string({ default: '' }) },
  outputs: { receipt: string() },
  container: { image },
});
const demand = component({ name: 'demand', inputs: { text: string() }, container: { image } });

const building = (body: () => void) => () => pipeline({ name: 'sample' }, body);
const code = (expected: string, message: RegExp) =>
  expect.objectContaining({
    code: expected,
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('an exit handler (X1, X2)', () => {
  it('runs its exit task last, and tells it how the others ended', () => {
    const { spec } = pipeline({ name: 'sample' }, () => {
      exitHandler(notify(), () => say(), { name: 'tidy' });
    }).compile();

    expect(spec.root!.dag!.tasks!['notify']).toMatchObject({
      dependentTasks: ['exit-handler-1'],
      triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
      inputs: { parameters: { status: { taskFinalStatus: { producerTask: 'exit-handler-1' } } } },
    });
    expect(spec.root!.dag!.tasks!['exit-handler-1']!.taskInfo).toEqual({ name: 'tidy' });
  });

  it('refuses an exit task that depends on another', () => {
    const reading = building(() => {
      const { said } = say().outputs;
      exitHandler(notify({ text: said }), () => say());
    });
    const waiting = building(() => {
      const first = say();
      exitHandler(notify({}, { after: [first] }), () => say());
    });

    expect(reading).toThrow(code('E_SPEC', /"notify" depends on another task/));
    expect(waiting).toThrow(code('E_SPEC', /"notify" depends on another task/));
  });

  it('refuses what is not a task just placed', () => {
    const early = building(() => {
      const bye = notify();
      say();
      exitHandler(bye, () => say());
    });
    const twice = building(() => {
      const bye = notify();
      exitHandler(bye, () => say());
      exitHandler(bye, () => say());
    });
    const imported = building(() => {
      exitHandler(importer({ uri: 'a.csv', type: Dataset }), () => say());
    });

    expect(early).toThrow(code('E_SPEC', /"notify", which was placed before/));
    expect(twice).toThrow(code('E_SPEC', /"notify", which was placed before/));
    expect(imported).toThrow(code('E_SPEC', /an importer/));
    expect(building(() => exitHandler('bye' as never, () => say()))).toThrow(
      code('E_SPEC', /the string "bye"/),
    );
  });

  it('refuses to be anywhere but at the top of a pipeline', () => {
    const nested = building(() => {
      when(eq(say().outputs.said, ''), () => exitHandler(notify(), () => say()));
    });

    expect(nested).toThrow(code('E_SPEC', /within a condition/));
  });

  it('keeps what is in its body and its exit task to itself', () => {
    const returning = building(() => {
      exitHandler(notify(), () => ({ said: say().outputs.said }) as never);
    });
    const reading = building(() => {
      const bye = notify();
      exitHandler(bye, () => say());
      say({ text: bye.outputs.receipt });
    });
    const readingWithin = building(() => {
      const bye = notify();
      exitHandler(bye, () => say({ text: bye.outputs.receipt }));
    });
    const waiting = building(() => {
      const bye = notify();
      exitHandler(bye, () => say());
      say({}, { after: [bye] });
    });
    const waitingInside = building(() => {
      let inside = say();
      exitHandler(notify(), () => (inside = say()));
      say({}, { after: [inside] });
    });
    const handingOn = () =>
      pipeline({ name: 'sample' }, () => {
        const bye = notify();
        exitHandler(bye, () => say());
        return { receipt: bye.outputs.receipt };
      });

    expect(returning).toThrow(code('E_UNKNOWN_OUTPUT', /returns said/));
    expect(reading).toThrow(code('E_UNKNOWN_OUTPUT', /the exit task "notify"/));
    expect(readingWithin).toThrow(code('E_UNKNOWN_OUTPUT', /the exit task "notify"/));
    expect(waiting).toThrow(code('E_UNKNOWN_OUTPUT', /the exit task "notify"/));
    expect(waitingInside).toThrow(code('E_UNKNOWN_TASK', /inside an exit handler/));
    expect(handingOn).toThrow(code('E_UNKNOWN_OUTPUT', /the exit task "notify"/));
  });
});

describe('a final status', () => {
  it('is not passed by the author', () => {
    const passing = building(() => notify({ status: 'SUCCEEDED' as never }));

    expect(passing).toThrow(code('E_KIND', /input "status": a final status is not passed/));
  });

  it('is refused where there is none, or more than one', () => {
    expect(building(() => notify())).toThrow(code('E_SPEC', /runs only after success/));
    expect(building(() => notify({}, { ignoreUpstreamFailure: true }))).toThrow(
      code('E_SPEC', /waits for 0 tasks/),
    );
    expect(
      building(() => {
        const after = [say(), say()];
        notify({}, { after, ignoreUpstreamFailure: true });
      }),
    ).toThrow(code('E_SPEC', /waits for 2 tasks/));
  });

  it('is no input of a pipeline', () => {
    const inputs = { status: finalStatus() } as never;

    expect(() => pipeline({ name: 'sample', inputs }, () => say())).toThrow(
      code('E_KIND', /input "status"/),
    );
  });
});

describe('ignoreUpstreamFailure', () => {
  it('refuses a required input that a failure would leave out', () => {
    const ignoreUpstreamFailure = true;
    const demanding = building(() => {
      demand({ text: say().outputs.said }, { ignoreUpstreamFailure });
    });
    const content = building(() => {
      say({ text: say().outputs.said }, { ignoreUpstreamFailure });
    });

    expect(demanding).toThrow(code('E_SPEC', /input "text": .* may be missing/));
    expect(content).not.toThrow();
  });
});
