import { foldName } from './fold.ts'

/** An address as somebody typed it; proves nothing. */
export interface Email {
  readonly text: string
  readonly fold: string
}

const MAX_LENGTH = 254
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are among the characters to refuse
const SHAPE = /^[^\s@"(),:;<>[\\\]\u0000-\u001f\u007f]{1,64}@[^\s@"(),:;<>[\\\]\u0000-\u001f\u007f]+$/

/** Undefined when it cannot be an address. */
export const parseEmail = (typed: string): Email | undefined => {
  if (!typed.isWellFormed()) return undefined
  const text = typed.trim().normalize('NFC')
  if (text.length > MAX_LENGTH || !SHAPE.test(text) || /\p{Default_Ignorable_Code_Point}/u.test(text)) return undefined
  return { text, fold: foldName(text) }
}
