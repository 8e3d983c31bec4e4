import { Lexer } from 'yaml';

interface LexerInternals {
  indentNext: number;
  parseQuotedScalar: () => Generator<string, unknown>;
}

/**
 * Makes a lexer that reads quoted text whose later lines are indented no further than the dash of
 * its list item. YAML 1.2 (section 7.3.1) wants one column more, but PyYAML and Go's yaml, which
 * KFP reads pipelines with, do not, and such files exist.
 *
 * The method is internal to yaml 2.9.1; a test reads such a file.
 */
export function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const internals = lexer as unknown as LexerInternals;
  const parseQuotedScalar = internals.parseQuotedScalar.bind(lexer);
  internals.parseQuotedScalar = function* () {
    const { indentNext } = internals;
    internals.indentNext = Math.max(0, indentNext - 1);
    const next = yield* parseQuotedScalar();
    internals.indentNext = indentNext;
    return next;
  };
  return lexer;
}
