import { deployErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { findEndpoint, openDeployer } from './endpoints.js';

/**
 * Changes the share of the candidate of a split, and waits until it is live.
 *
 * @param percent of the requests, 1 to 99
 * @throws E_NOT_FOUND with the nearest name; E_STATE when the endpoint has no split, or the target knows none
 */
export async function splitEndpoint(
  context: CliContext,
  name: string,
  percent: number,
): Promise<void> {
  const { output } = context;
  const deployer = await openDeployer(context);
  if (deployer.split === undefined) throw deployErrors.splitUnknown(name, deployer.target);
  await findEndpoint(deployer, name);
  output.progress(output.colors.dim(`Waiting until the shares of ${name} are live`));
  const { earlierPercent } = await deployer.split(name, percent);
  output.json({ name, percent, earlierPercent });
  const before = earlierPercent === percent ? 'as before' : `${rounded(earlierPercent)} % before`;
  output.result(
    `Endpoint ${name}: ${percent} % of requests to the candidate (${before}), ${100 - percent} % to the live model.`,
  );
}

/** Shares that somebody else set need not be whole. */
function rounded(percent: number): number {
  return Number(percent.toFixed(2));
}
