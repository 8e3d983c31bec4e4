import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../src/contract/index.js';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/**
 * Makes sure that the server knows our search attributes.
 *
 * @returns false when it does not and this worker may not add them: runs then go without, since setting an
 *   unknown attribute would hang a workflow
 */
export async function ensureSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<boolean> {
  const names: string[] = Object.values(SEARCH_ATTRIBUTES);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    const missing = names.filter((name) => customAttributes?.[name] === undefined);
    if (missing.length === 0) return true;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    return true;
  } catch {
    return false;
  }
}
