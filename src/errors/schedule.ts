// Errors of schedules: when they are made, changed and looked up.

import { AnnealError } from './anneal-error.js';

/** Made when a time zone is not one of the IANA data base. */
export function unknownTimeZone(timeZone: string): AnnealError {
  return new AnnealError(`"${timeZone.slice(0, 80)}" is no time zone.`, {
    code: 'E_PARAM',
    where: 'timeZone',
    hint: 'Use a name of the IANA data base, such as Europe/Berlin, America/New_York or UTC.',
  });
}

/** Made when `{{scheduled_time…}}` asks for something it does not have. */
export function unknownTimeFormat(template: string, formats: readonly string[]): AnnealError {
  return new AnnealError(`"${template.slice(0, 80)}" cannot be read.`, {
    code: 'E_PARAM',
    hint: `Write {{scheduled_time}}, {{scheduled_time:date}} or {{scheduled_time-1d:date}}; formats: ${formats.join(', ')}.`,
    details: { template: template.slice(0, 200), formats },
  });
}

/** Made when a schedule says in no way when it fires. */
export function scheduleWithoutTimes(): AnnealError {
  return new AnnealError('The schedule says no time.', {
    code: 'E_USAGE',
    hint: 'Give at least one of --cron "0 6 * * 1-5", --every 6h or --calendar "hour=6 dayOfWeek=MONDAY".',
  });
}

/** Made when one of the words of a schedule's times or limits cannot be read. */
export function scheduleWordUnreadable(what: string, text: string, expected: string): AnnealError {
  return new AnnealError(`The ${what} "${text.slice(0, 80)}" cannot be read.`, {
    code: 'E_USAGE',
    hint: `Expected ${expected}.`,
  });
}

/** Made when the server finds fault with a schedule, such as an impossible cron expression. */
export function scheduleRefused(name: string, reason: string, cause?: unknown): AnnealError {
  return new AnnealError(`The server refused the schedule "${name}": ${reason}.`, {
    code: 'E_USAGE',
    hint: 'Check its times: cron has five fields (minute hour day month weekday).',
    cause,
  });
}

/** Made when a schedule of that name exists. */
export function scheduleExists(name: string): AnnealError {
  return new AnnealError(`A schedule named "${name}" exists already; nothing was changed.`, {
    code: 'E_ALREADY_STARTED',
    hint: `Change it with "anneal schedules update ${name}", or choose another name.`,
    details: { name },
  });
}

/** Made when a schedule of that name was not made by Anneal: its action is no run of a pipeline. */
export function foreignSchedule(name: string): AnnealError {
  return new AnnealError(
    `The schedule "${name}" starts no pipeline on the task queue that is set.`,
    {
      code: 'E_NOT_FOUND',
      hint: "Set the ANNEAL_TASK_QUEUE that it was made with; one of another program is for Temporal's own CLI.",
      details: { name },
    },
  );
}
