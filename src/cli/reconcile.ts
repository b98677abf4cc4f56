#!/usr/bin/env node
/** The command `reconcile`: the same as `legate reconcile`. */
import { run } from './run.ts'

process.exitCode = await run(['reconcile', ...process.argv.slice(2)])
