import type { CommanderError } from 'commander';
import { clientErrors, type AnnealError } from '../errors/index.js';

/** Codes with which commander ends after it has done what was asked. */
const DONE = new Set(['commander.version', 'commander.helpDisplayed']);

/** Whether commander only showed what was asked for. */
export function isHelpShown({ code }: CommanderError): boolean {
  return DONE.has(code);
}

/** Turns commander's complaint into a usage error with the suggestion as its hint. */
export function usageError(error: CommanderError, argv: readonly string[]): AnnealError {
  if (error.code === 'commander.help') {
    return clientErrors.usage(
      'Say what to do: a command is missing.',
      'See all commands: anneal --help',
    );
  }
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\(Did you mean (.+?)\?\)/.exec(rest.join(' '))?.[1];
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.?!]$/.test(message) ? '' : '.'}`;
  const help = helpLine(error, argv);
  return clientErrors.usage(
    sentence,
    suggestion === undefined ? help : `Did you mean ${suggestion}? ${help}`,
  );
}

function helpLine({ code }: CommanderError, argv: readonly string[]): string {
  const command = code === 'commander.unknownCommand' ? undefined : argv.find(isWord);
  return command === undefined
    ? 'See all commands: anneal --help'
    : `See: anneal ${command} --help`;
}

function isWord(text: string): boolean {
  return /^[a-z]+$/.test(text);
}
