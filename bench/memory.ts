import { readdirSync, readFileSync } from 'node:fs'

/** Proportional set size of a process and all its descendants, MiB. Linux only; NaN elsewhere. */
export const groupMemory = (root: number): number => {
  const children = new Map<number, number[]>()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const parent = parentOf(name)
      if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    }
  } catch {
    return Number.NaN
  }
  let kibibytes = 0
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    kibibytes += pssOf(pid)
    open.push(...(children.get(pid) ?? []))
  }
  return kibibytes / 1024
}

const parentOf = (pid: string): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

const pssOf = (pid: number): number => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
