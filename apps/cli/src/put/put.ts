import { createBudget } from '../concurrency/budget.ts'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import type { RemoteDrive } from '../remote/lookup.ts'
import { formatBytes } from '../terminal/format.ts'
import { createProgress } from '../terminal/progress.ts'
import { createChunkCutters } from './chunk-cutters.ts'
import type { PutRun } from './put-run.ts'
import { createPutReport, type PutTotals } from './report.ts'
import { createUploadSession } from './upload-session.ts'

// Content on its way, of all files together.
const MEMORY_BYTES = 64 * 1024 * 1024

export interface PutOptions {
  readonly jobs: number
  readonly checksum: boolean
  /** See createUploadSession. */
  readonly identity: readonly string[]
}

/** Prepares a put, does `work`, sums up. */
export async function put(
  context: CommandContext,
  { remote, options, work }: { remote: RemoteDrive; options: PutOptions; work: (run: PutRun) => Promise<void> }
): Promise<ExitCode> {
  const { output, platform, signal } = context
  const { client, drive } = remote
  const report = createPutReport(context)
  const progress = createProgress(context)
  const upload = createUploadSession({ client, drive, signal, identity: options.identity })
  const run: PutRun = {
    client,
    drive,
    signal,
    jobs: options.jobs,
    checksum: options.checksum,
    memory: createBudget(MEMORY_BYTES),
    cutters: await createChunkCutters(),
    uuid: () => platform.timing.uuid(),
    upload,
    report,
    progress
  }
  try {
    await work(run)
  } finally {
    progress.end()
  }
  const totals = report.totals()
  // Left open after failures: another run then finds the chunks that arrived.
  if (totals.failed === 0) await upload.close().catch(() => undefined)
  await output.record({ type: 'summary', ...totals })
  await output.line(summary(totals))
  return exitOf(totals, report.firstError, signal)
}

function exitOf(totals: PutTotals, firstError: unknown, signal: AbortSignal): ExitCode {
  if (totals.failed === 0) return EXIT.ok
  const done = totals.uploaded + totals.unchanged + totals.folders
  return done > 0 || totals.failed > 1 ? EXIT.partial : exitCodeOf(firstError, signal)
}

function summary({ uploaded, unchanged, folders, skipped, failed, bytes, sentBytes }: PutTotals): string {
  const parts = [`${uploaded} uploaded (${formatBytes(bytes)}, ${formatBytes(sentBytes)} sent)`]
  if (unchanged > 0) parts.push(`${unchanged} unchanged`)
  if (folders > 0) parts.push(`${folders} folders made`)
  if (skipped > 0) parts.push(`${skipped} skipped`)
  if (failed > 0) parts.push(`${failed} failed`)
  return parts.join(', ')
}
