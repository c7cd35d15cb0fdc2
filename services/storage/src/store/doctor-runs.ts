import { type Kysely, type Selectable, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import type { DoctorProgress, DoctorState, Finding } from '../doctor/finding.ts'

type Db = Kysely<StorageTables>

export interface DoctorRun {
  readonly id: string
  readonly state: DoctorState
  readonly level: number
  readonly repair: boolean
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly progress: DoctorProgress
  readonly findings: readonly Finding[]
  readonly error: string | null
}

const SILENT_SECONDS = 60
const KEPT = 20

const toRun = (row: Selectable<StorageTables['storage.doctor_run']>): DoctorRun => ({
  id: row.run_id,
  state: row.state,
  level: row.level,
  repair: row.repair,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  progress: row.progress,
  findings: row.findings,
  error: row.error
})

/** False while another one runs. */
export const insertRun = async (
  db: Db,
  run: { readonly id: string; readonly level: number; readonly repair: boolean; readonly progress: DoctorProgress }
): Promise<boolean> => {
  await markLost(db)
  await sql`
    delete from storage.doctor_run where state <> 'running' and run_id not in
      (select run_id from storage.doctor_run order by started_at desc limit ${KEPT - 1})`.execute(db)
  const { numAffectedRows } = await sql`
    insert into storage.doctor_run (run_id, state, level, repair, progress)
    values (${run.id}, 'running', ${run.level}, ${run.repair}, ${JSON.stringify(run.progress)}::json)
    on conflict do nothing`.execute(db)
  return numAffectedRows === 1n
}

/** A run that has not been heard of for a minute has lost its process. */
export const markLost = async (db: Db): Promise<void> => {
  await sql`
    update storage.doctor_run set state = 'lost', finished_at = alive_at
    where state = 'running' and alive_at < now() - make_interval(secs => ${SILENT_SECONDS})`.execute(db)
}

/** False when the run was cancelled meanwhile. */
export const reportProgress = async (db: Db, runId: string, progress: DoctorProgress): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update storage.doctor_run set alive_at = now(), progress = ${JSON.stringify(progress)}::json
    where run_id = ${runId} and state = 'running'`.execute(db)
  return numAffectedRows === 1n
}

export interface DoctorEnd {
  readonly state: Exclude<DoctorState, 'running'>
  readonly progress?: DoctorProgress
  readonly findings?: readonly Finding[]
  readonly error?: string
}

/** False when it had ended already. */
export const endRun = async (db: Db, runId: string, end: DoctorEnd): Promise<boolean> => {
  const progress = end.progress === undefined ? sql`progress` : sql`${JSON.stringify(end.progress)}::json`
  const { numAffectedRows } = await sql`
    update storage.doctor_run set state = ${end.state}, finished_at = now(), progress = ${progress},
      findings = ${JSON.stringify(end.findings ?? [])}::json, error = ${end.error ?? null}
    where run_id = ${runId} and state = 'running'`.execute(db)
  return numAffectedRows === 1n
}

export const findRun = async (db: Db, runId: string): Promise<DoctorRun | undefined> => {
  const row = await db.selectFrom('storage.doctor_run').selectAll().where('run_id', '=', runId).executeTakeFirst()
  return row && toRun(row)
}

/** Newest first. */
export const listRuns = async (db: Db): Promise<readonly DoctorRun[]> => {
  const rows = await db.selectFrom('storage.doctor_run').selectAll().orderBy('started_at', 'desc').limit(KEPT).execute()
  return rows.map(toRun)
}
