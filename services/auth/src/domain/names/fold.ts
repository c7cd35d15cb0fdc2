/**
 * Equality of names: compatibility-normalised, case-folded per code point (whole-string lowering looks at
 * context), through upper case because that expands what folds to several letters.
 */
export const foldName = (text: string): string =>
  Array.from(text.normalize('NFKC'), (char) => char.toLowerCase().toUpperCase().toLowerCase())
    .join('')
    .normalize('NFKC')
