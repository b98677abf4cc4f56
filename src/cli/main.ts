#!/usr/bin/env node
/** The command `legate`. */
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2))
