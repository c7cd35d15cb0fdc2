import type { RawBuilder } from 'kysely'

export interface Finding {
  readonly code: string
  readonly message: string
  /** Id of what is wrong. */
  readonly subject: string
}

/** One invariant of docs/tree.md: a query whose rows (`subject`, `message`) break it. */
export interface TreeCheck {
  readonly code: string
  readonly query: (vaultId: string) => RawBuilder<FindingRow>
}

export interface FindingRow {
  readonly subject: string
  readonly message: string
}
