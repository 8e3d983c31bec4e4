// Each wrong call is wrong twice: for the type checker (`@ts-expect-error`, checked by tsc) and, for
// callers without one, when it is made (`toThrow`).
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-base-to-string,
   @typescript-eslint/restrict-template-expressions -- wrong calls are what is tested */

import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  ArtifactListReference,
  ArtifactReference,
  ParameterReference,
} from '../../src/dsl/index.js';
import {
  and,
  Dataset,
  double,
  eq,
  gt,
  importer,
  integer,
  Model,
  pipeline,
  string,
  when,
} from '../../src/dsl/index.js';
import { fit, inspect, merge, ping, prepare, publish } from './sample-components.js';

const raw = () => importer({ uri: 's3://bucket/raw.csv', type: Dataset }).outputs.artifact;
const prepared = () => prepare({ raw: raw() }).outputs;
const fitted = () => fit({ train_data: prepared().train_data, trees: 10 }).outputs;

/** Builds a pipeline around a body, so that what is wrong in it is thrown. */
const building = (body: () => void) => () => pipeline({ name: 'sample' }, body);

const code = (expected: string, message?: RegExp) =>
  expect.objectContaining({
    code: expected,
    ...(message === undefined ? {} : { message: expect.stringMatching(message) as string }),
  }) as Error;

describe('an argument', () => {
  it('of a wrong artifact type is refused', () => {
    // @ts-expect-error a Dataset is not a Model
    const wrong = building(() => publish({ model: prepared().train_data, title: 'x' }));

    expect(wrong).toThrow(
      code('E_ARTIFACT_TYPE', /input "model": system\.Model .* "train_data" .* system\.Dataset/),
    );
  });

  it('that is text where a Dataset goes is refused, and importer recommended', () => {
    // @ts-expect-error a path is not a Dataset
    const wrong = building(() => prepare({ raw: 's3://bucket/raw.csv' }));

    expect(wrong).toThrow(code('E_KIND', /artifact \(system\.Dataset\) .* the string "s3:/));
    expect(wrong).toThrow(
      expect.objectContaining({
        hint: expect.stringContaining('importer({ uri: …, type: Dataset })') as string,
      }) as Error,
    );
  });

  it('that is a string output where a Dataset goes is refused', () => {
    // @ts-expect-error a string parameter is not a Dataset
    const wrong = building(() => prepare({ raw: prepared().label }));

    expect(wrong).toThrow(code('E_KIND', /system\.Dataset goes here, .* is string parameter/));
  });

  it('that is an artifact where a parameter goes is refused', () => {
    // @ts-expect-error a Model is not text
    const wrong = building(() => publish({ model: fitted().model, title: fitted().model }));

    expect(wrong).toThrow(code('E_KIND', /string parameter goes here/));
  });

  it('that is a string output where a number goes is refused', () => {
    const wrong = building(() => {
      const { train_data, label } = prepared();
      // @ts-expect-error text is not a number
      fit({ train_data, trees: label });
    });

    expect(wrong).toThrow(code('E_TYPE', /integer parameter goes here, .* is string parameter/));
  });

  it('that is a double output where an integer goes is refused', () => {
    const wrong = building(() => {
      // @ts-expect-error parameters are not converted
      fit({ train_data: prepared().train_data, trees: fitted().accuracy });
    });

    expect(wrong).toThrow(code('E_TYPE', /integer parameter goes here, .* is double parameter/));
  });

  it('of a wrong constant type is refused', () => {
    // @ts-expect-error "10" is not a number
    const wrong = building(() => fit({ train_data: prepared().train_data, trees: '10' }));

    expect(wrong).toThrow(code('E_TYPE', /a whole number goes here, and the string "10"/));
  });

  it.each([1.5, NaN, Infinity, 2 ** 53])('of %d where a whole number goes is refused', (trees) => {
    const wrong = building(() => fit({ train_data: prepared().train_data, trees }));

    expect(wrong).toThrow(code('E_TYPE', /a whole number goes here/));
  });

  it('that is required cannot be left out', () => {
    // @ts-expect-error trees is missing
    const wrong = building(() => fit({ train_data: prepared().train_data }));

    expect(wrong).toThrow(code('E_MISSING_INPUT', /component "fit", input "trees"/i));
  });

  it('that no input is declared for is refused with the nearest name', () => {
    // @ts-expect-error there is no input "tree"
    const wrong = building(() => fit({ train_data: prepared().train_data, trees: 1, tree: 2 }));

    expect(wrong).toThrow(code('E_UNKNOWN_INPUT', /Did you mean "trees"\?/));
  });

  it('that is one artifact where a list goes is refused', () => {
    // @ts-expect-error one Dataset is not a list of them
    const wrong = building(() => merge({ parts: prepared().train_data }));

    expect(wrong).toThrow(code('E_ARTIFACT_TYPE', /list of system\.Dataset goes here/));
  });

  it('that is a list where one artifact goes is refused', () => {
    const wrong = building(() => {
      const part = inspect({ anything: raw() }).outputs.copy;
      // @ts-expect-error one artifact is not a list
      const { parts } = merge({ parts: part }).outputs;
      // @ts-expect-error a list is not one artifact
      inspect({ anything: parts });
    });

    expect(wrong).toThrow(code('E_ARTIFACT_TYPE'));
  });

  it('of type Artifact is accepted everywhere, and accepts everything', () => {
    const right = building(() => {
      const { copy } = inspect({ anything: fitted().model }).outputs;
      publish({ model: copy, title: 'copy' });
    });

    expect(right).not.toThrow();
  });

  it('may be left out when it is optional or has a default', () => {
    expect(building(() => prepare({ raw: raw(), note: undefined }))).not.toThrow();
    expect(building(() => ping())).not.toThrow();
  });
});

describe('an output', () => {
  it('that does not exist is refused with the nearest name', () => {
    // @ts-expect-error the output is called model
    const wrong = building(() => publish({ model: fitted().modell, title: 'x' }));

    expect(wrong).toThrow(code('E_UNKNOWN_OUTPUT', /no output "modell"\. Did you mean "model"\?/));
  });

  it('has the type that its component declares', () => {
    building(() => {
      expectTypeOf(fitted().model).toEqualTypeOf<ArtifactReference<'system.Model'>>();
      expectTypeOf(fitted().passed).toEqualTypeOf<ParameterReference<'boolean'>>();
      expectTypeOf<ReturnType<typeof merge>['outputs']['parts']>().toEqualTypeOf<
        ArtifactListReference<'system.Dataset'>
      >();
      expectTypeOf(raw()).toEqualTypeOf<ArtifactReference<'system.Dataset'>>();
    });
  });

  it('cannot be used as a value while the pipeline is built', () => {
    expect(
      building(() => publish({ model: fitted().model, title: `${fitted().accuracy}` })),
    ).toThrow(code('E_TYPE', /not known while the pipeline is built/));
    // @ts-expect-error references have no order
    expect(building(() => void (fitted().accuracy > 0.5))).toThrow(code('E_TYPE'));
  });
});

describe('a pipeline input', () => {
  it('has the type that the pipeline declares', () => {
    pipeline(
      { name: 'sample', inputs: { path: string(), share: double({ default: 0.5 }), data: Model } },
      (inputs) => {
        expectTypeOf(inputs.path).toEqualTypeOf<ParameterReference<'string'>>();
        expectTypeOf(inputs.share).toEqualTypeOf<ParameterReference<'double'>>();
        expectTypeOf(inputs.data).toEqualTypeOf<ArtifactReference<'system.Model'>>();
        publish({ model: inputs.data, title: inputs.path });
      },
    );
  });

  it('with a default of a wrong type is refused', () => {
    // @ts-expect-error the default is text
    const wrong = () => pipeline({ name: 'sample', inputs: { n: integer({ default: '' }) } }, ping);

    expect(wrong).toThrow(code('E_TYPE', /default must be a whole number/));
  });

  it('that does not exist is a type error', () => {
    const wrong = () =>
      pipeline({ name: 'sample', inputs: { path: string() } }, (inputs) => {
        // @ts-expect-error the input is called path
        publish({ model: fitted().model, title: inputs.pat });
      });

    expect(wrong).toThrow(code('E_UNKNOWN_INPUT', /Did you mean "path"\?/));
  });
});

describe('a condition', () => {
  it('compares only what can be compared', () => {
    // @ts-expect-error a number is not text
    expect(building(() => when(eq(prepared().label, 1), ping))).toThrow(code('E_CONDITION'));
    // @ts-expect-error text is not a number
    expect(building(() => when(gt(fitted().accuracy, '0.9'), ping))).toThrow(code('E_CONDITION'));
    // @ts-expect-error booleans have no order
    expect(building(() => when(gt(fitted().passed, true), ping))).toThrow(code('E_CONDITION'));
    // @ts-expect-error a list cannot be compared
    expect(building(() => when(eq(prepared().columns, 1), ping))).toThrow(code('E_CONDITION'));
    // @ts-expect-error a Model cannot be compared
    expect(building(() => when(eq(fitted().model, 'x'), ping))).toThrow(code('E_CONDITION'));
  });

  it('compares whole numbers with any number', () => {
    expect(building(() => void when(gt(prepared().rows, fitted().accuracy), ping))).not.toThrow();
    expect(building(() => void when(gt(prepared().rows, 0.5), ping))).not.toThrow();
  });

  it('is not a JavaScript boolean', () => {
    // @ts-expect-error true is no condition
    expect(building(() => when(true, ping))).toThrow(code('E_CONDITION'));
    // @ts-expect-error a number is no condition
    expect(building(() => when(fitted().accuracy, ping))).toThrow(code('E_CONDITION'));
  });

  it('joined with && is refused, since && would drop one side', () => {
    const wrong = building(() => {
      const { passed, accuracy } = fitted();
      when(eq(passed, true) && gt(accuracy, 0.9), ping);
    });

    expect(wrong).toThrow(code('E_CONDITION', /a condition that nothing uses/));
  });

  it('joined with and is accepted, boolean parameters as they are', () => {
    const right = building(() => {
      const { passed, accuracy } = fitted();
      when(and(passed, gt(accuracy, 0.9)), ping);
    });

    expect(right).not.toThrow();
  });
});

describe('branches', () => {
  it('must return outputs of the same names and types', () => {
    const wrong = building(() => {
      const { passed } = fitted();
      when(passed, () => ({ model: fitted().model }))
        // @ts-expect-error the first branch returns a Model
        .otherwise(() => ({ model: prepared().train_data }));
    });

    expect(wrong).toThrow(code('E_UNKNOWN_OUTPUT', /not every branch returns an output "model"/i));
  });

  it('give what they return its type', () => {
    building(() => {
      const branches = when(fitted().passed, () => ({ model: fitted().model })).otherwise(() => ({
        model: fitted().model,
      }));
      expectTypeOf(branches.outputs.model).toEqualTypeOf<ArtifactReference<'system.Model'>>();
    });
  });
});
