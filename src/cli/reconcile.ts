#!/usr/bin/env node
/** The command `reconcile`: the same as `legate reconcile`. */
import { main } from './main.ts'

await main(['reconcile', ...process.argv.slice(2)])
