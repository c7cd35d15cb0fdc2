import { randomFillSync } from 'node:crypto'

const BLOCK = 1024 * 1024

/** `mebibytes` MiB nobody has stored before. */
export const randomBlocks = (mebibytes: number): Buffer[] =>
  Array.from({ length: mebibytes }, () => randomFillSync(Buffer.allocUnsafe(BLOCK)))

const WORDS =
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so'.split(
    ' '
  )

/** Text that compresses about threefold and does not repeat itself. */
export const textBlocks = (mebibytes: number): Buffer[] => {
  let state = Date.now() >>> 0
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: mebibytes }, () => {
    const block = Buffer.alloc(BLOCK, ' ')
    for (let at = 0; at < BLOCK - 16; ) {
      const word =
        random() < 0.8 ? (WORDS[Math.floor(random() ** 2 * WORDS.length)] ?? '') : random().toString(36).slice(2, 8)
      at += block.write(word, at) + 1
    }
    return block
  })
}
