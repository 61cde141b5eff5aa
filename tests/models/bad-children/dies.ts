/** What a crash inside the runtime looks like from outside. */
process.abort()
