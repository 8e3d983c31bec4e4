// The generated parts of the reference pages, as Markdown.

const FAMILIES = {
  ir: 'Pipelines',
  config: 'Settings and environment',
  client: 'Commands, parameters and runs',
  task: 'Tasks',
  storage: 'Stored artifacts and records',
  deploy: 'Deployment',
};

/**
 * Renders one table for each family of errors, in the order of FAMILIES.
 *
 * @param {Readonly<Record<string, { family: string, exitCode: number, meaning: string }>>} codes
 */
export function renderErrorTables(codes) {
  return Object.entries(FAMILIES)
    .map(([family, title]) => {
      const rows = Object.entries(codes)
        .filter(([, row]) => row.family === family)
        .map(([code, { exitCode, meaning }]) => `| \`${code}\` | ${exitCode} | ${meaning} |`);
      return `## ${title}\n\n| Code | Exit code | Meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

/**
 * Renders the help of every command.
 *
 * @param {readonly { words: string, help: string }[]} commands
 */
export function renderCommands(commands) {
  return commands
    .map(({ words, help }) => `## anneal ${words}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``)
    .join('\n\n');
}

/**
 * Replaces what stands between the two marks of a part.
 *
 * @param {string} page
 * @param {string} part  name in the marks `<!-- begin: part -->` and `<!-- end: part -->`
 * @param {string} text
 */
export function replacePart(page, part, text) {
  const [begin, end] = [`<!-- begin: ${part} -->`, `<!-- end: ${part} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no marks "${begin}" and "${end}".`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
