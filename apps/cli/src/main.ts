import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { cacheFolder } from './config/folder.ts'

// Half of a short command's time is compiling. Not in the shared temporary folder: what is in the cache is run.
enableCompileCache(cacheFolder({ env: process.env, os: process.platform, home: homedir() }))

const { runMain } = await import('./run-main.ts')
await runMain()
