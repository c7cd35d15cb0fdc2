import type { Logger } from '@cairn/runtime'
import { pino } from 'pino'

export interface TestLogger {
  readonly logger: Logger
  /** Everything logged so far, parsed, oldest first. */
  readonly records: readonly LogRecord[]
}

export interface LogRecord {
  readonly level: number
  readonly msg?: string
  readonly [field: string]: unknown
}

/** A logger that writes nowhere and remembers every record. */
export const createTestLogger = (): TestLogger => {
  const records: LogRecord[] = []
  const write = (line: string) => {
    records.push(JSON.parse(line) as LogRecord)
  }
  return { logger: pino({ level: 'trace', base: null }, { write }), records }
}
