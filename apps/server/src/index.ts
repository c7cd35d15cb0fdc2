export { readMasterKey } from './master-key.ts'
export { type RunningServer, runServer, type ServerOptions } from './run-server.ts'
export { serve } from './serve.ts'
