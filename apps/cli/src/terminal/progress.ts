import { SingleBar } from 'cli-progress'
import type { CommandContext } from '../context/command-context.ts'
import { formatBytes } from './format.ts'

/** Bytes and files on their way, shown on a terminal only. */
export interface Progress {
  /** More to do. */
  expect(bytes: number, files: number): void
  /** Done, or found to be done. May be negative when something starts again. */
  advance(bytes: number): void
  fileDone(): void
  end(): void
}

export const NO_PROGRESS: Progress = {
  expect: () => undefined,
  advance: () => undefined,
  fileDone: () => undefined,
  end: () => undefined
}

export function createProgress({ platform, output, options }: CommandContext): Progress {
  if (platform.stderr.isTTY !== true || output.json || options.quiet) return NO_PROGRESS
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {doneText} of {totalText} | {files}/{allFiles} files | {rate}/s',
    stream: platform.stderr as NodeJS.WritableStream,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8
  })
  const started = platform.timing.now()
  let [total, done, allFiles, files] = [0, 0, 0, 0]
  const payload = () => {
    const seconds = Math.max(0.001, (platform.timing.now() - started) / 1000)
    return {
      doneText: formatBytes(done),
      totalText: formatBytes(total),
      files,
      allFiles,
      rate: formatBytes(done / seconds)
    }
  }
  bar.start(1, 0, payload())
  const alone = output.share(() => platform.stderr.write('\r\x1b[K'))
  const show = () => {
    bar.setTotal(Math.max(1, total))
    bar.update(done, payload())
  }
  return {
    expect: (bytes, count) => {
      total += bytes
      allFiles += count
      show()
    },
    advance: (bytes) => {
      done += bytes
      show()
    },
    fileDone: () => {
      files += 1
      show()
    },
    end: () => {
      alone()
      bar.stop()
    }
  }
}
