// Text to YAML documents, within limits that hold before anything recurses or expands.
//
// D1. Size is checked before parsing, nesting and counts while tokens arrive: the composer of the
//     yaml package recurses, so it only ever sees documents of a bounded shape.
// D2. Warnings are errors: an unknown tag would silently turn into a string.

import { Composer, type CST, type Document, Parser } from 'yaml';
import { irErrors } from '../../errors/index.js';
import { lenientLexer } from './lenient-lexer.js';

// 5 MB: the largest pipeline of KFP's own tests has 0.1 MB; the parser needs about 0.4 s a MB.
export const MAX_FILE_BYTES = 5_000_000;
// 64: the deepest pipeline of KFP's own tests nests 14 levels.
export const MAX_DEPTH = 64;
// 250,000: some 40,000 lines of fields; the parser's time and memory grow with tokens, not bytes.
const MAX_TOKENS = 250_000;
// 1,000: KFP's compiler writes neither tags, anchors nor aliases.
const MAX_PROPERTIES = 1_000;
const MAX_DOCUMENTS = 2;
/** Entries of the parser's stack that are no nesting: the document and the scalar being read. */
const STACK_FRAME = 2;
/** The yaml lexer's marker before the text of a scalar (yaml: parse/cst.ts, SCALAR). */
const SCALAR_MARKER = '\u001F';

/** The documents of one file, with what is needed to find places in them. */
export interface YamlFile {
  readonly source: string;
  readonly documents: readonly Document.Parsed[];
  /** `file:line:column` of an offset in the text. */
  readonly place: (offset: number) => string;
}

/**
 * Parses a file of one or two YAML documents.
 *
 * @param source  the file's name, for places in errors
 * @throws E_TOO_LARGE, E_YAML_LIMIT, E_YAML, E_PLATFORM (more than two documents)
 */
export function parseDocuments(text: string, source: string): YamlFile {
  refuseNonText(text, source);
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const place = (offset: number) => placeOf(content, source, offset);
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, strict: true });
  const documents = [...composer.compose(boundedTokens(content, place), true, content.length)];
  for (const document of documents) refuseFaults(document, place);
  return { source, documents, place };
}

function refuseNonText(text: string, source: string): void {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_FILE_BYTES) throw irErrors.fileTooLarge(source, sizeBytes, MAX_FILE_BYTES);
  if (text.includes('\0')) throw irErrors.notText(source, 'binary data or UTF-16');
}

/** Feeds the parser one lexeme at a time and stops it at the first fault or limit (D1). */
function* boundedTokens(text: string, place: YamlFile['place']) {
  const parser = new Parser();
  const seen = { lexemes: 0, properties: 0, documents: 0, depth: 0 };
  let previous = '';
  for (const lexeme of lenientLexer().lex(text)) {
    seen.lexemes += 1;
    if (previous !== SCALAR_MARKER && /^[&*!]/.test(lexeme)) seen.properties += 1;
    previous = lexeme;
    yield* checkedTokens(parser.next(lexeme), seen, place);
    seen.depth = parser.stack.length - STACK_FRAME;
    refuseExcess(seen, () => place(parser.offset));
  }
  yield* checkedTokens(parser.end(), seen, place);
}

function* checkedTokens(
  tokens: Iterable<CST.Token>,
  seen: { documents: number },
  place: YamlFile['place'],
) {
  for (const token of tokens) {
    if (token.type === 'error') throw irErrors.malformedYaml(place(token.offset), token.message);
    if (token.type === 'document') seen.documents += 1;
    if (seen.documents > MAX_DOCUMENTS) throw irErrors.tooManyDocuments(place(token.offset));
    yield token;
  }
}

function refuseExcess(
  seen: { lexemes: number; properties: number; depth: number },
  where: () => string,
): void {
  if (seen.depth > MAX_DEPTH)
    throw irErrors.yamlLimit(where(), `nests deeper than ${MAX_DEPTH} levels`);
  if (seen.lexemes > MAX_TOKENS)
    throw irErrors.yamlLimit(where(), `has more than ${MAX_TOKENS} tokens`);
  if (seen.properties > MAX_PROPERTIES) {
    throw irErrors.yamlLimit(where(), `has more than ${MAX_PROPERTIES} tags, anchors and aliases`);
  }
}

function refuseFaults(document: Document.Parsed, place: YamlFile['place']): void {
  const [fault] = [...document.errors, ...document.warnings];
  if (fault === undefined) return;
  throw irErrors.malformedYaml(place(fault.pos[0]), fault.message.split('\n')[0]!.slice(0, 200));
}

function placeOf(text: string, source: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${source}:${line}:${offset - before.lastIndexOf('\n')}`;
}
