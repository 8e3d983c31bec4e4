// How large a loop may be, by its spec and, where its items come from a task, in the run.

// 100,000 items: a fan-out of that size still fits the server in slices; a million does not.
export const MAX_LOOP_ITEMS = 100_000;
// 16: KFP's own tests nest 3 loops; each level multiplies the tasks of a run.
export const MAX_LOOP_DEPTH = 16;
