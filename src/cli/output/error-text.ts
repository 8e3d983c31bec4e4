import { clientErrors, isAnnealError, type AnnealError } from '../../errors/index.js';
import type { Output } from './output.js';

/** Makes any thrown value an AnnealError. */
export function asAnnealError(error: unknown): AnnealError {
  return isAnnealError(error) ? error : clientErrors.internalFault(error);
}

/** One paragraph: code, what, where, and what to do next; the stack only for debugging. */
export function errorText(error: AnnealError, colors: Output['colors'], debug: boolean): string {
  const where = error.where === undefined ? '' : ` ${colors.dim(`[${error.where}]`)}`;
  const hint = error.hint === undefined ? '' : `\n${colors.dim('→')} ${error.hint}`;
  const paragraph = `${colors.red(colors.bold(error.code))} ${error.message}${where}${hint}`;
  return debug ? `${paragraph}\n\n${stackOf(error)}` : paragraph;
}

/** The `--json` form of an error. */
export function errorJson(error: AnnealError, debug: boolean): object {
  const { code, message, hint, where, details } = error;
  const task = details['task'];
  return {
    error: {
      code,
      message,
      ...(typeof task === 'string' ? { task } : {}),
      ...(hint === undefined ? {} : { hint }),
      ...(where === undefined ? {} : { where }),
      ...(Object.keys(details).length === 0 ? {} : { details }),
      ...(debug ? { stack: stackOf(error) } : {}),
    },
  };
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
