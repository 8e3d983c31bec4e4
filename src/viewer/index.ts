// What a person looks at: the static report of a run.
export * from './report/index.js';
