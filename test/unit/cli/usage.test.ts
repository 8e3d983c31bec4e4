import { describe, expect, it } from 'vitest';
import { callCli } from './support/call-cli.js';

describe('calling the program with wrong words', () => {
  it('suggests the nearest command', async () => {
    const { exitCode, stdout, stderr } = await callCli(['rnu']);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("E_USAGE Unknown command 'rnu'.");
    expect(stderr).toContain('Did you mean run?');
  });

  it('suggests the nearest flag', async () => {
    const { exitCode, stderr } = await callCli(['run', 'demo.yaml', '--detatch']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean --detach?');
    expect(stderr).toContain('anneal run --help');
  });

  it('shows help and exits with 2 when no command is given', async () => {
    const { exitCode, stdout, stderr } = await callCli([]);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: anneal');
  });

  it('names a missing argument', async () => {
    const { exitCode, stderr } = await callCli(['show']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain("Missing required argument 'run'");
  });

  it('refuses arguments that are too many', async () => {
    const { exitCode } = await callCli(['show', 'a', 'b']);

    expect(exitCode).toBe(2);
  });

  it.each([
    ['run', 'demo.yaml', '--watch', '--detach'],
    ['run', 'demo.yaml', '--detach', '--require-deploy'],
    ['runs', '--limit', 'many'],
    ['runs', '--status', 'sleeping'],
  ])('refuses %s %s %s %s', async (...argv) => {
    const { exitCode, stderr } = await callCli(argv);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('E_USAGE');
  });

  it('prints an error object and no prose on stdout with --json', async () => {
    const { exitCode, stdout, stderr } = await callCli(['rnu', '--json']);

    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_USAGE' } });
    expect(stderr).toBe('');
  });
});

describe('help', () => {
  const COMMANDS = [
    ...['cancel', 'compile', 'dev', 'doctor', 'endpoints', 'graph', 'logs', 'pipelines'],
    ...['report', 'run', 'runs', 'show', 'validate', 'watch'],
  ];

  it('lists every command on stdout', async () => {
    const { exitCode, stdout } = await callCli(['--help']);

    expect(exitCode).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it.each(COMMANDS)('of %s has examples and the common flags', async (command) => {
    const { exitCode, stdout } = await callCli([command, '--help']);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: anneal ${command}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('--json');
  });

  it('prints the version', async () => {
    const { exitCode, stdout } = await callCli(['--version']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
