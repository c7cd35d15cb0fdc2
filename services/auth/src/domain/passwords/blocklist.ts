import { dictionary } from '@zxcvbn-ts/language-common'

/** Whether a password is among those tried first by anybody who guesses. */
export type Blocklist = (password: string) => boolean

const FREQUENT = 3000
const MAX_AFFIX = 6
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop']
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i'
}

/**
 * Common passwords and what people make of them when twelve characters are asked for: a common one with a few digits or
 * signs around it, two or three frequent ones in a row, one unit repeated, runs of keys. Nothing is said about
 * which kinds of characters a password has.
 */
export const createBlocklist = (): Blocklist => {
  const common = new Set(dictionary['passwords-common'])
  const frequent = new Set(dictionary['passwords-common'].slice(0, FREQUENT))

  return (password) => {
    const plain = password.normalize('NFKC').toLowerCase()
    return [plain, unleet(plain)].some(
      (text) =>
        common.has(text) ||
        common.has(coreOf(text)) ||
        isRepetition(text) ||
        isOfRuns(text) ||
        isConcatenation(text, frequent, 3)
    )
  }
}

const unleet = (text: string): string => Array.from(text, (char) => LEET[char] ?? char).join('')

/** Without the digits and signs around it, as long as those are few. */
const coreOf = (text: string): string => {
  const core = text.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '')
  return text.length - core.length <= MAX_AFFIX ? core : text
}

/** "abcabcabcabc", "aaaaaaaaaaaa", "121212121212x". */
const isRepetition = (text: string): boolean => {
  for (let unit = 1; unit <= Math.min(6, text.length / 2); unit += 1) {
    let equal = unit
    while (equal < text.length && text[equal] === text[equal - unit]) equal += 1
    if (equal >= text.length - 2) return true
  }
  return false
}

/** Nothing but runs of at least three neighbouring keys, forwards or backwards. */
const isOfRuns = (text: string): boolean => {
  let at = 0
  while (at < text.length) {
    const length = runLength(text.slice(at, at + 32))
    if (length < 3) return false
    at += length
  }
  return true
}

const runLength = (text: string): number => {
  for (let length = text.length; length >= 3; length -= 1) {
    const part = text.slice(0, length)
    const reversed = [...part].reverse().join('')
    if (RUNS.some((run) => run.includes(part) || run.includes(reversed))) return length
  }
  return 0
}

const isConcatenation = (text: string, words: ReadonlySet<string>, most: number): boolean => {
  if (text.length > 64) return false
  if (words.has(text)) return true
  if (most === 1) return false
  for (let cut = 3; cut <= text.length - 3; cut += 1) {
    if (words.has(text.slice(0, cut)) && isConcatenation(text.slice(cut), words, most - 1)) return true
  }
  return false
}
