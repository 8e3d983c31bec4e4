/** Environment variables that are set to something: empty ones count as unset. */
export type Environment = Readonly<Record<string, string>>;

/** Takes a process environment, leaving out variables that are unset or empty. */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  return Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
