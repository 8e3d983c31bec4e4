// The install preamble of KFP's lightweight components: `sh -c '<pip install …> && "$0" "$@"' …`.
//
// I1. A preamble is taken off only when every command in it is known; otherwise it stays and the
//     whole is an ordinary shell command.

import { shellTokens, type ShellToken } from './shell-words.js';

/** One `pip install` of a preamble. */
export interface InstallStep {
  /** PEP 508 lines, or what else pip takes (URLs). */
  readonly requirements: readonly string[];
  readonly noDeps: boolean;
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly trustedHosts: readonly string[];
  readonly findLinks: readonly string[];
  readonly prereleases: boolean;
}

/** A step that installs packages from the usual index, with their dependencies. */
export function requirementStep(requirements: readonly string[]): InstallStep {
  return {
    requirements,
    noDeps: false,
    extraIndexUrls: [],
    trustedHosts: [],
    findLinks: [],
    prereleases: false,
  };
}

const IGNORED_FLAGS = new Set([
  '--quiet',
  '-q',
  '-qq',
  '--no-warn-script-location',
  '--user',
  '--upgrade',
  '-U',
  '--no-cache-dir',
  '--disable-pip-version-check',
  '--root-user-action=ignore',
]);
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/s;
const PYTHON = /^python(3(\.\d+)?)?$/;

/**
 * Reads a preamble's install steps, in order.
 *
 * @returns undefined when the script is something else (I1)
 */
export function parsePreamble(script: string): InstallStep[] | undefined {
  const tokens = shellTokens(script);
  if (tokens === undefined) return undefined;
  const steps: InstallStep[] = [];
  let handsOver = false;
  for (const { words, isAlternative } of simpleCommands(withoutEnsurePip(tokens))) {
    if (handsOver) return undefined;
    if (words[0] === '$0' && words[1] === '$@' && words.length === 2) handsOver = true;
    else if (!isHarmless(words)) {
      const step = installStep(words);
      if (step === undefined) return undefined;
      if (!isAlternative) steps.push(step);
    }
  }
  return handsOver && steps.length > 0 ? steps : undefined;
}

/** Leaves out `if ! [ -x "$(command -v pip)" ]; then … fi`, which makes sure that pip is there. */
function withoutEnsurePip(tokens: readonly ShellToken[]): readonly ShellToken[] {
  const first = tokens.findIndex(({ text }) => text === 'if');
  const last = tokens.findIndex(({ text }) => text === 'fi');
  if (first < 0 || last < first) return tokens;
  const block = tokens.slice(first, last + 1);
  const isEnsurePip = block.some(({ text }) => text === 'ensurepip');
  return isEnsurePip ? [...tokens.slice(0, first), ...tokens.slice(last + 1)] : tokens;
}

interface SimpleCommand {
  readonly words: readonly string[];
  /** Runs only when the one before it failed. */
  readonly isAlternative: boolean;
}

function simpleCommands(tokens: readonly ShellToken[]): SimpleCommand[] {
  const commands: { words: string[]; isAlternative: boolean }[] = [];
  let isAlternative = false;
  let current: string[] | undefined;
  for (const { kind, text } of tokens) {
    if (kind === 'word') {
      if (current === undefined) {
        current = [];
        commands.push({ words: current, isAlternative });
      }
      if (current.length > 0 || !isPrefix(text)) current.push(text);
    } else if (text !== '(') {
      isAlternative = text === '||' || (isAlternative && text === ')');
      current = undefined;
    }
  }
  return commands;
}

/** An assignment in front of a command, such as PIP_DISABLE_PIP_VERSION_CHECK=1. */
function isPrefix(word: string): boolean {
  return ASSIGNMENT.test(word);
}

/** What the SDK's use_venv adds; the environment of the task is one already. */
function isHarmless(words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const [first = '', second, third] = words;
  if (first === 'export') return words.slice(1).every((word) => ASSIGNMENT.test(word));
  if (first === '.') return words.length === 2 && (second ?? '').endsWith('/bin/activate');
  return PYTHON.test(first) && second === '-m' && third === 'venv';
}

function installStep(words: readonly string[]): InstallStep | undefined {
  const viaPython = PYTHON.test(words[0] ?? '') && words[1] === '-m' && words[2] === 'pip';
  const pip = viaPython ? words.slice(3) : /^pip3?$/.test(words[0] ?? '') ? words.slice(1) : [];
  return pip[0] === 'install' ? readOptions(pip.slice(1)) : undefined;
}

type Draft = { -readonly [Key in keyof InstallStep]: InstallStep[Key] };

function readOptions(words: readonly string[]): InstallStep | undefined {
  const step: Draft = requirementStep([]);
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (!word.startsWith('-')) step.requirements = [...step.requirements, word];
    else if (word === '--no-deps') step.noDeps = true;
    else if (word === '--pre') step.prereleases = true;
    else if (!IGNORED_FLAGS.has(word) && !readValueOption(word, rest, step)) return undefined;
  }
  return step.requirements.length > 0 ? step : undefined;
}

function readValueOption(word: string, rest: string[], step: Draft): boolean {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? rest.shift() : word.slice(equals + 1);
  if (value === undefined) return false;
  if (name === '--index-url' || name === '-i') step.indexUrl = value;
  else if (name === '--extra-index-url') step.extraIndexUrls = [...step.extraIndexUrls, value];
  else if (name === '--trusted-host') step.trustedHosts = [...step.trustedHosts, value];
  else if (name === '--find-links' || name === '-f') step.findLinks = [...step.findLinks, value];
  else return false;
  return true;
}
