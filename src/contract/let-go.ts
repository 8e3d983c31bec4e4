/** Reason of an abort after which the work goes on without this worker: another one follows it. */
export const LET_GO = 'let-go';
