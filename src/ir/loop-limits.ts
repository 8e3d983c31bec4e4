// How large a loop may be, by its spec and, where its items come from a task, in the run.

// 10,000 items: a run's history stays within what the server keeps when slices go to child workflows.
export const MAX_LOOP_ITEMS = 10_000;
// 16: KFP's own tests nest 3 loops; each level multiplies the tasks of a run.
export const MAX_LOOP_DEPTH = 16;
