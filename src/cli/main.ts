// Entry point of the `anneal` command.

import { runCli } from './run-cli.js';

// Which Node the AWS SDK's later releases need is for who builds Anneal: the lockfile keeps this one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const { argv, env, stderr, stdin, stdout } = process;

process.exitCode = await runCli(argv.slice(2), { cwd: process.cwd(), env, stderr, stdin, stdout });
