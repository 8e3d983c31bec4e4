import { component, double, pipeline, string } from '../../../../src/dsl/index.js';

const act = component({
  name: 'train',
  inputs: { behaviour: string(), day: string(), rate: double() },
  outputs: { loss: double() },
  container: { image: 'registry.example.com/train:1', command: ['train'] },
});

/** A pipeline whose runs the fake worker carries out as `behaviour` says. */
export const demo = pipeline(
  {
    name: 'demo',
    inputs: {
      behaviour: string(),
      day: string({ default: 'never' }),
      rate: double({ default: 0.5 }),
    },
  },
  (inputs) => ({ loss: act(inputs).outputs.loss }),
);
