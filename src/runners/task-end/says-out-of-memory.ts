/** Whether the last line of a log is Python's word for a failed allocation. */
export function saysOutOfMemory(logTail: string): boolean {
  const last = logTail.split('\n').at(-1) ?? '';
  return /^([\w.]+\.)?(_Array)?MemoryError\b/.test(last);
}
