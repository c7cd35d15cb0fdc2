// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\u0000-\u007f]*$/
const DOTLESS_I = 'ı'

const foldCodePoint = (char: string): string =>
  char === DOTLESS_I ? char : char.toLowerCase().toUpperCase().toLowerCase()

/**
 * Unicode case folding. Per code point, because whole-string lowering looks at context (final sigma);
 * through upper case, because that expands what folds to several letters (ß to ss).
 */
export const foldCase = (text: string): string =>
  ASCII.test(text) ? text.toLowerCase() : Array.from(text, foldCodePoint).join('')
