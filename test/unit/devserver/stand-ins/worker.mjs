// Stands in for the worker process: keeps its side of the contract with the supervisor, and nothing else.

process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
process.stdout.write('{"ready":true}\n');
