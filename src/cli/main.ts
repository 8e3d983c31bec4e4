// Entry point of the `anneal` command.

import { runCli } from './run-cli.js';

const { argv, env, stderr, stdin, stdout } = process;

process.exitCode = await runCli(argv.slice(2), { cwd: process.cwd(), env, stderr, stdin, stdout });
