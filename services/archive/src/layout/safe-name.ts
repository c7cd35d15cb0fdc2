/** Signs that some system takes for a separator, a drive or a wildcard, that end a name early, or that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
const UNSAFE = /[\u0000-\u001f\u007f\\/:*?"<>|\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
const TRAILING = /[. ]+$/
const MAX_BYTES = 255

/** One segment of a path that any system can create where it is told to. Never empty, never `.` or `..`. */
export const safeName = (name: string): string => {
  const plain = name.normalize('NFC').replace(UNSAFE, '_')
  const ended = plain.replace(TRAILING, (tail) => '_'.repeat(tail.length))
  const named = RESERVED.test(ended) ? `_${ended}` : ended
  return fit(named === '' ? '_' : named, MAX_BYTES)
}

/** `name (2).ext`; the stem gives way where there is no room. */
export const numberedName = (name: string, number: number): string => {
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const tail = ` (${number})${extension}`
  return `${fit(stem, MAX_BYTES - Buffer.byteLength(tail))}${tail}`
}

/** What systems that ignore case or composition take for the same name. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase().toUpperCase()

const fit = (text: string, bytes: number): string => {
  let fitted = text
  while (Buffer.byteLength(fitted) > bytes) fitted = [...fitted].slice(0, -1).join('')
  return fitted
}
