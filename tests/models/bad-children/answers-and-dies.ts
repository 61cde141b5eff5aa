/** A model that opens and then takes the process with it on the way out. */
process.send?.({ says: 'facts', facts: { format: 'eyes', classes: ['car'], input: { width: 640, height: 384 }, frameMs: 1, runsOn: 'cpu' } }, () => process.kill(process.pid, 'SIGSEGV'))
process.on('message', () => undefined)
