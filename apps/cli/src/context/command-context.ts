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
  connection(patience?: Patience): Promise<Connection>
  /** The client of whoever is signed in. */
  client(patience?: Patience): Promise<CairnClient>
}

export interface GlobalOptions {
  readonly server?: string
  readonly drive: string
  readonly json: boolean
  readonly quiet: boolean
  /** Seconds; each command knows what it does without. */
  readonly retryFor?: number
}

export interface Patience {
  /** Seconds. */
  readonly retryFor: number
}
