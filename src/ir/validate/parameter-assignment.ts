import type { ParameterType } from '../parameter-type.js';

/** KFP's compiler names the item of a loop so, and its sub-variables after it. */
const LOOP_ITEM = /-loop-item(?:-|$)/;

/**
 * Whether a parameter of one type may be passed to one of another.
 *
 * KFP's SDK asks for equal types (kfp/dsl/types/type_utils.py, check_parameter_type_compatibility);
 * its backend checks values only. Allowed beyond equality: an integer for a double, which loses
 * nothing; a final status for a struct, which it is; and loop items that the SDK declares STRING
 * because it does not know their type (verify_type_compatibility).
 *
 * @param source  name of the parent's input that is passed on; empty for a task's output
 */
export function isAssignable(given: ParameterType, wanted: ParameterType, source: string): boolean {
  if (given === wanted) return true;
  if (given === 'NUMBER_INTEGER' && wanted === 'NUMBER_DOUBLE') return true;
  if (given === 'TASK_FINAL_STATUS' && wanted === 'STRUCT') return true;
  return given === 'STRING' && LOOP_ITEM.test(source);
}
