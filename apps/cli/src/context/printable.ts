/**
 * Text from elsewhere, made harmless for a terminal: control characters and those that reorder or
 * hide text are shown as escapes. Names on the server may contain what they like.
 */
export const printable = (text: string): string => text.replace(UNSAFE, escaped)

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
