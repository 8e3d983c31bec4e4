import { asyncLocalStorage } from '@temporalio/activity';
import type { Logger } from '@temporalio/common';

/** The log of the activity that this is called in, whose lines name its run and task; else the worker's. */
export function logOfActivity(worker: Pick<Logger, 'info'>): Pick<Logger, 'info'> {
  return asyncLocalStorage.getStore()?.log ?? worker;
}
