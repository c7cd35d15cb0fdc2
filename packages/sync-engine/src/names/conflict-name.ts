import { foldName, MAX_NAME_BYTES } from '@cairn/names'

const MAX_EXTENSION_BYTES = 32

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

const cutToBytes = (text: string, limit: number): string => {
  let bytes = 0
  let kept = ''
  for (const char of text) {
    bytes += bytesOf(char)
    if (bytes > limit) break
    kept += char
  }
  return kept
}

/** "stem (label).ext", "stem (label 2).ext", …: the first whose equality key is not taken. */
export const conflictName = (name: string, label: string, taken: (fold: string) => boolean): string => {
  const dot = name.lastIndexOf('.')
  const split = dot > 0 && bytesOf(name.slice(dot)) <= MAX_EXTENSION_BYTES ? dot : name.length
  const extension = name.slice(split)
  for (let number = 1; ; number += 1) {
    const suffix = ` (${label}${number === 1 ? '' : ` ${number}`})${extension}`
    const candidate = (cutToBytes(name.slice(0, split), MAX_NAME_BYTES - bytesOf(suffix)) + suffix).normalize('NFC')
    if (!taken(foldName(candidate))) return candidate
  }
}
