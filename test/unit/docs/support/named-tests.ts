// Tests that a page names: links to a test file, with the test's title as their text.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { Page } from './pages.js';

export interface NamedTest {
  /** Path from the project's folder. */
  readonly file: string;
  /** As it stands in the file: with the `%s` of a table; for pytest, the function's name. */
  readonly title: string;
}

const TEST_FILE = /(?:^|\/)(?:test\/.+\.test\.ts|python-tasks\/tests\/.+\.py)$/;
const TEST_FUNCTIONS = new Set(['test', 'it', 'describe']);

/** The tests that a text of the page names. */
export function namedTests({ file, text }: Page): NamedTest[] {
  return [...text.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
    .map(([, title, target]) => ({ title: title!, file: join(dirname(file), target!) }))
    .filter((test) => TEST_FILE.test(test.file));
}

/** What is wrong with a name; undefined when the file has such a test. */
export function missingTest({ file, title }: NamedTest): string | undefined {
  if (!existsSync(file)) return `${file} does not exist`;
  const titles = file.endsWith('.py') ? pytestNames(file) : vitestTitles(file);
  return titles.has(title) ? undefined : `${file} has no test "${title}"`;
}

function pytestNames(file: string): Set<string> {
  const text = readFileSync(file, 'utf8');
  return new Set([...text.matchAll(/^def (test_\w+)\(/gm)].map(([, name]) => name!));
}

function vitestTitles(file: string): Set<string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.add(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** `test`, `test.each(…)`, `describe.skipIf(…)` and the like. */
function isTestFunction(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return TEST_FUNCTIONS.has(callee.text);
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) {
    return isTestFunction(callee.expression);
  }
  return ts.isTaggedTemplateExpression(callee) && isTestFunction(callee.tag);
}
