import { CairnError } from '@cairn/contracts'
import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { type DoctorRun, endRun, findRun, insertRun, reportProgress } from '../store/doctor-runs.ts'
import { examine, type Tally } from './doctor.ts'
import type { DoctorProgress, Finding } from './finding.ts'

/** Examinations in the background: their state is in the database, whichever process runs them. */
export interface DoctorRuns {
  /** Throws `conflict` while one runs. */
  start(wish: { readonly level: number; readonly repair: boolean }): Promise<DoctorRun>
  /** Ends the one of this process; resolves when it is over. */
  stop(): Promise<void>
}

const HEARTBEAT_MS = 1000

export interface DoctorRunsOptions {
  readonly context: StorageContext
  readonly checkTree: (vaultId: string) => AsyncIterable<Finding>
}

export const createDoctorRuns = ({ context, checkTree }: DoctorRunsOptions): DoctorRuns => {
  const db = context.database.query
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const run = async (id: string, wish: { level: number; repair: boolean }, start: DoctorProgress): Promise<void> => {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, stopping.signal])
    let progress = start
    const onProgress = (tally: Tally): void => {
      progress = progressOf(start, tally)
    }
    const beating = heartbeat(context, signal, async () => {
      if (!(await reportProgress(db, id, progress))) over.abort(new Error('cancelled'))
    })
    try {
      const report = await examine(context, { ...wish, vaultId: undefined, checkTree, onProgress }, signal)
      await endRun(db, id, { state: 'done', progress: progressOf(start, report), findings: report.findings })
    } catch (error) {
      if (!signal.aborted) context.logger.error({ err: error, runId: id }, 'an examination failed')
      const state = stopping.signal.aborted ? 'lost' : 'failed'
      await endRun(db, id, { state, progress, error: signal.aborted ? 'It was interrupted.' : 'See the log.' })
    } finally {
      over.abort()
      await beating
    }
  }

  return {
    start: async (wish) => {
      const id = context.random.uuid()
      const progress = await countAll(context, wish.level)
      if (!(await insertRun(db, { id, ...wish, progress }))) {
        throw new CairnError('conflict', 'An examination is under way.')
      }
      running = run(id, wish, progress).catch((error: unknown) =>
        context.logger.error({ err: error, runId: id }, 'the end of an examination could not be noted')
      )
      const started = await findRun(db, id)
      if (started === undefined) throw new Error(`examination ${id} vanished`)
      return started
    },
    stop: async () => {
      stopping.abort(new Error('stopping'))
      await running
    }
  }
}

const heartbeat = async (context: StorageContext, signal: AbortSignal, beat: () => Promise<void>): Promise<void> => {
  while (!signal.aborted) {
    await context.clock.sleep(HEARTBEAT_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    await beat().catch((error: unknown) => context.logger.warn({ err: error }, 'no progress could be reported'))
  }
}

const countAll = async (context: StorageContext, level: number): Promise<DoctorProgress> => {
  const { rows } = await sql<{ vaults: number; packs: number }>`
    select (select count(*) from storage.vault)::int as vaults,
      (select count(*) from storage.pack where state = 'stored')::int as packs`.execute(context.database.query)
  const { vaults = 0, packs = 0 } = rows[0] ?? {}
  const nothing = { vaultsDone: 0, packsDone: 0, chunks: 0, bytesRead: 0, repaired: 0, total: 0 }
  return { vaults, packs: level < 1 ? 0 : packs, ...nothing }
}

const progressOf = (start: DoctorProgress, tally: Tally): DoctorProgress => ({
  // What was added meanwhile is examined too.
  vaults: Math.max(start.vaults, tally.vaults),
  packs: Math.max(start.packs, tally.packs),
  vaultsDone: tally.vaults,
  packsDone: tally.packs,
  chunks: tally.chunks,
  bytesRead: tally.bytesRead,
  repaired: tally.repaired,
  total: tally.total
})
