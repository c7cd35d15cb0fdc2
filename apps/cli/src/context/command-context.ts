import type { CairnClient } from '@cairn/client'
import type { NodePort } from '../http/node-port.ts'
import type { Output } from './output.ts'
import type { Platform } from './platform.ts'
import type { Connection } from './session.ts'

/** What every command's action receives. */
export interface CommandContext {
  readonly platform: Platform
  readonly output: Output
  readonly options: GlobalOptions
  readonly signal: AbortSignal
  readonly http: NodePort
  connection(): Promise<Connection>
  /** The client of whoever is signed in. */
  client(): Promise<CairnClient>
}

export interface GlobalOptions {
  readonly server?: string
  readonly drive: string
  readonly json: boolean
  readonly quiet: boolean
  /** Seconds. */
  readonly retryFor: number
}
