import { createBudget } from '../concurrency/budget.ts'
import type { CommandContext } from '../context/command-context.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import type { RemoteDrive } from '../remote/lookup.ts'
import { formatBytes } from '../terminal/format.ts'
import { createProgress } from '../terminal/progress.ts'
import type { GetRun } from './get-run.ts'
import { createGetReport, type GetTotals } from './report.ts'

export interface GetOptions {
  readonly jobs: number
  readonly noClobber: boolean
}

/** Prepares a get, does `work`, sums up. */
export async function get(
  context: CommandContext,
  { remote, options, work }: { remote: RemoteDrive; options: GetOptions; work: (run: GetRun) => Promise<void> }
): Promise<ExitCode> {
  const { platform, output, signal } = context
  const report = createGetReport(context)
  const progress = createProgress(context)
  const run: GetRun = {
    ...options,
    remote,
    os: platform.os,
    connections: createBudget(options.jobs),
    report,
    progress
  }
  try {
    await work(run)
  } finally {
    progress.end()
  }
  const totals = report.totals()
  await output.record({ type: 'summary', ...totals })
  await output.line(summary(totals))
  if (totals.failed === 0) return EXIT.ok
  const single = totals.failed === 1 && totals.downloaded + totals.unchanged === 0
  return single ? exitCodeOf(report.firstError, signal) : EXIT.partial
}

function summary({ downloaded, unchanged, skipped, failed, bytes }: GetTotals): string {
  const parts = [`${downloaded} downloaded (${formatBytes(bytes)})`]
  if (unchanged > 0) parts.push(`${unchanged} unchanged`)
  if (skipped > 0) parts.push(`${skipped} skipped`)
  if (failed > 0) parts.push(`${failed} failed`)
  return parts.join(', ')
}
