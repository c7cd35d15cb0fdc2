import { FILTER_BITS, FILTER_SHIFT, FILTER_STRIDE, FILTER_WORDS, PRF_WINDOW_BYTES, WORD_BYTES } from '../profile.ts'

/**
 * WebAssembly text of the cut scanner. One export:
 *
 *   scan(from, to, shift) -> address
 *
 * A cut point is named by the address of the last word in front of it (cut point - 4). The function
 * examines the cut points named [from, to) in order and returns the first that passes both tests,
 * or `to`. It reads bytes [from - 96, to + 3).
 *
 *   filter  x = sum of word(address - 16 j) << 5 j for j = 0..6, mod 2^32;
 *           (multiplier * x + addend) mod 2^32 has FILTER_BITS leading zeros
 *   prf     SipHash-2-4 of the 64 bytes in front of the cut point, shifted right by `shift`, is zero
 *
 * Words are little-endian. Lane l of vector x<k> belongs to address at + 4 l + k, so that one
 * unaligned load feeds four cut points and x rolls on by one shift and one addition per 16 bytes.
 */
export function emitCutScanner(shared: boolean): string {
  return `(module
  (import "env" "memory" (memory ${shared ? '0 65536 shared' : '0'}))
  (import "key" "multiplier" (global $multiplier i32))
  (import "key" "addend" (global $addend i32))
  (import "key" "k0" (global $k0 i64))
  (import "key" "k1" (global $k1 i64))
${prfFunction()}
${scanFunction()}
)
`
}

const get = (name: string): string => `(local.get $${name})`
const set = (name: string, value: string): string => `(local.set $${name} ${value})`
const lines = (...parts: readonly string[]): string => parts.join('\n    ')
const each = (values: readonly number[], render: (value: number) => string): string =>
  lines(...values.map((value) => render(value)))

const VECTOR_BYTES = 16
/** Vectors of 16 cut points per turn of the main loop. */
const UNROLL = 2
const POSITIONS = VECTOR_BYTES * UNROLL
const RESIDUES = [0, 1, 2, 3]
const HASHES = Array.from({ length: RESIDUES.length * UNROLL }, (_, i) => i)

/** The filter's "leading zeros" become one signed comparison once the sign bit is flipped. */
const LIMIT = -(2 ** 31) + 2 ** (32 - FILTER_BITS)
const FLIPPED_ADDEND = '(i32.xor (global.get $addend) (i32.const 0x80000000))'

function scanFunction(): string {
  return `  (func (export "scan") (param $at i32) (param $to i32) (param $shift i32) (result i32)
    (local $multiplier v128) (local $addend v128) (local $limit v128)
    ${each(RESIDUES, (k) => `(local $x${k} v128)`)}
    ${each(HASHES, (i) => `(local $h${i} v128)`)}
    (local $bits i32) (local $hit i32) (local $warm i32) (local $x i32)
    ${set('multiplier', '(i32x4.splat (global.get $multiplier))')}
    ${set('addend', `(i32x4.splat ${FLIPPED_ADDEND})`)}
    ${set('limit', `(i32x4.splat (i32.const ${LIMIT}))`)}
    ${warmUp()}
    (block $short (loop $vectors
    (br_if $short (i32.lt_u (i32.sub ${get('to')} ${get('at')}) (i32.const ${POSITIONS})))
    ${each(HASHES, rollAndHash)}
    (if (v128.any_true (i32x4.lt_s ${smallestHash(HASHES)} ${get('limit')})) (then
      ${set('bits', passingBits())}
      (loop $hits
        ${set('hit', `(i32.add ${get('at')} (i32.ctz ${get('bits')}))`)}
        (if ${acceptedByPrf('hit')} (then (return ${get('hit')})))
        ;; clear the lowest bit
        (br_if $hits (local.tee $bits (i32.and ${get('bits')} (i32.sub ${get('bits')} (i32.const 1))))))))
    ${set('at', `(i32.add ${get('at')} (i32.const ${POSITIONS}))`)}
    (br $vectors)))
    ${scanRest()}
    ${get('to')})`
}

const rollVector = (k: number, at: string, offset: number): string =>
  set(
    `x${k}`,
    `(i32x4.add (i32x4.shl ${get(`x${k}`)} (i32.const ${FILTER_SHIFT})) (v128.load offset=${offset} align=1 ${get(at)}))`
  )

/** Fold the words in front of the first vector. */
function warmUp(): string {
  return lines(
    set('warm', `(i32.sub ${get('at')} (i32.const ${FILTER_STRIDE * (FILTER_WORDS - 1)}))`),
    `(if (i32.ge_u (i32.sub ${get('to')} ${get('at')}) (i32.const ${POSITIONS})) (then (loop $fold`,
    each(RESIDUES, (k) => rollVector(k, 'warm', k)),
    set('warm', `(i32.add ${get('warm')} (i32.const ${FILTER_STRIDE}))`),
    `(br_if $fold (i32.ne ${get('warm')} ${get('at')})))))`
  )
}

/** Hash i belongs to residue i mod 4 of vector i div 4. */
function rollAndHash(i: number): string {
  const k = i % RESIDUES.length
  const offset = Math.floor(i / RESIDUES.length) * VECTOR_BYTES + k
  const hash = `(i32x4.add (i32x4.mul ${get(`x${k}`)} ${get('multiplier')}) ${get('addend')})`
  return lines(rollVector(k, 'at', offset), set(`h${i}`, hash))
}

function smallestHash(hashes: readonly number[]): string {
  if (hashes.length === 1) return get(`h${hashes[0]}`)
  const middle = hashes.length / 2
  return `(i32x4.min_s ${smallestHash(hashes.slice(0, middle))} ${smallestHash(hashes.slice(middle))})`
}

/** i32 whose bit n tells whether the cut point named $at + n passes the filter. */
function passingBits(): string {
  const vectors = Array.from({ length: UNROLL }, (_, vector) => {
    const passing = RESIDUES.map((k) => passingBytes(vector * RESIDUES.length + k, k))
    const bits = `(i8x16.bitmask ${passing.reduce((a, b) => `(v128.or ${a} ${b})`)})`
    return vector === 0 ? bits : `(i32.shl ${bits} (i32.const ${vector * VECTOR_BYTES}))`
  })
  return vectors.reduce((a, b) => `(i32.or ${a} ${b})`)
}

/** Byte k of each lane of hash i that passes: bytes then lie in address order. */
function passingBytes(i: number, k: number): string {
  const byte = `0x${(0xff * 2 ** (8 * k)).toString(16)}`
  return `(v128.and (i32x4.lt_s ${get(`h${i}`)} ${get('limit')}) (v128.const i32x4 ${byte} ${byte} ${byte} ${byte}))`
}

const acceptedByPrf = (address: string): string =>
  `(i64.eqz (i64.shr_u (call $prf ${get(address)}) (i64.extend_i32_u ${get('shift')})))`

/** One cut point at a time, for fewer than POSITIONS. */
function scanRest(): string {
  const oldestFirst = Array.from({ length: FILTER_WORDS }, (_, i) => FILTER_WORDS - 1 - i)
  const word = (j: number) => `(i32.load align=1 (i32.sub ${get('at')} (i32.const ${FILTER_STRIDE * j})))`
  return `(block $done (loop $rest
    (br_if $done (i32.eq ${get('at')} ${get('to')}))
    ${set('x', '(i32.const 0)')}
    ${each(oldestFirst, (j) => set('x', `(i32.add (i32.shl ${get('x')} (i32.const ${FILTER_SHIFT})) ${word(j)})`))}
    (if (i32.lt_s (i32.add (i32.mul ${get('x')} (global.get $multiplier)) ${FLIPPED_ADDEND}) (i32.const ${LIMIT}))
      (then (if ${acceptedByPrf('at')} (then (return ${get('at')})))))
    ${set('at', `(i32.add ${get('at')} (i32.const 1))`)}
    (br $rest)))`
}

const addInto = (a: string, b: string): string => set(a, `(i64.add ${get(a)} ${get(b)})`)
const xorInto = (a: string, value: string): string => set(a, `(i64.xor ${get(a)} ${value})`)
const rotate = (a: string, by: number): string => set(a, `(i64.rotl ${get(a)} (i64.const ${by}))`)
const rotateXor = (a: string, by: number, b: string): string =>
  set(a, `(i64.xor (i64.rotl ${get(a)} (i64.const ${by})) ${get(b)})`)

const sipRound = lines(
  addInto('v0', 'v1'),
  rotateXor('v1', 13, 'v0'),
  rotate('v0', 32),
  addInto('v2', 'v3'),
  rotateXor('v3', 16, 'v2'),
  addInto('v0', 'v3'),
  rotateXor('v3', 21, 'v0'),
  addInto('v2', 'v1'),
  rotateXor('v1', 17, 'v2'),
  rotate('v2', 32)
)

const absorb = (word: string): string =>
  lines(set('word', word), xorInto('v3', get('word')), sipRound, sipRound, xorInto('v0', get('word')))

/** SipHash-2-4 of the window in front of the cut point named $at. */
function prfFunction(): string {
  const end = `(i32.add ${get('at')} (i32.const ${WORD_BYTES}))`
  return `  (func $prf (param $at i32) (result i64)
    (local $v0 i64) (local $v1 i64) (local $v2 i64) (local $v3 i64) (local $word i64) (local $end i32)
    ${set('v0', '(i64.xor (global.get $k0) (i64.const 0x736f6d6570736575))')}
    ${set('v1', '(i64.xor (global.get $k1) (i64.const 0x646f72616e646f6d))')}
    ${set('v2', '(i64.xor (global.get $k0) (i64.const 0x6c7967656e657261))')}
    ${set('v3', '(i64.xor (global.get $k1) (i64.const 0x7465646279746573))')}
    ${set('end', end)}
    ${set('at', `(i32.sub ${get('end')} (i32.const ${PRF_WINDOW_BYTES}))`)}
    (loop $words
    ${absorb(`(i64.load align=1 ${get('at')})`)}
    ${set('at', `(i32.add ${get('at')} (i32.const 8))`)}
    (br_if $words (i32.ne ${get('at')} ${get('end')})))
    ${absorb(`(i64.const 0x${PRF_WINDOW_BYTES.toString(16)}00000000000000)`)}
    ${xorInto('v2', '(i64.const 0xff)')}
    ${lines(sipRound, sipRound, sipRound, sipRound)}
    (i64.xor (i64.xor ${get('v0')} ${get('v1')}) (i64.xor ${get('v2')} ${get('v3')})))`
}
