/** Something wrong, in words an operator can act on. */
export interface Finding {
  readonly level: 0 | 1 | 2 | 3
  readonly code: string
  readonly vaultId: string
  readonly subject: string
  readonly message: string
}

export interface DoctorReport {
  readonly level: number
  readonly vaults: number
  readonly chunks: number
  readonly packs: number
  readonly bytesRead: number
  readonly findings: readonly Finding[]
  /** Chunks marked suspect and chunk rows rebuilt, with repair. */
  readonly repaired: number
}

/** `lost`: the process that ran it has gone. */
export type DoctorState = 'running' | 'done' | 'failed' | 'cancelled' | 'lost'

export interface DoctorProgress {
  /** In all, as counted at the start. */
  readonly vaults: number
  readonly vaultsDone: number
  readonly packs: number
  readonly packsDone: number
  readonly chunks: number
  readonly bytesRead: number
  readonly repaired: number
  /** Findings so far; at most 1000 are listed. */
  readonly total: number
}
