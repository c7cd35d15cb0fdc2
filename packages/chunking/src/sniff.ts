const SAMPLES = 8
const SAMPLE_BYTES = 512
const SAMPLED_BYTES = SAMPLES * SAMPLE_BYTES
const THRESHOLD_BITS = 7.8

/**
 * Whether compressing is most likely a waste: known compressed format at the start, or nearly
 * uniform byte frequencies in 4 KiB sampled over the whole. Shorter input is judged by format only.
 */
export function looksIncompressible(bytes: Uint8Array): boolean {
  return isCompressedFormat(bytes) || sampledEntropy(bytes) > THRESHOLD_BITS
}

/** Bits per byte; 0 when there is too little to sample. */
function sampledEntropy(bytes: Uint8Array): number {
  if (bytes.length < SAMPLED_BYTES) return 0
  const counts = new Uint32Array(256)
  const stride = Math.floor((bytes.length - SAMPLE_BYTES) / (SAMPLES - 1))
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = sample * stride
    for (let at = start; at < start + SAMPLE_BYTES; at++) {
      const value = bytes[at] ?? 0
      counts[value] = (counts[value] ?? 0) + 1
    }
  }
  const weighted = counts.reduce((sum, count) => (count === 0 ? sum : sum + count * Math.log2(count)), 0)
  return Math.log2(SAMPLED_BYTES) - weighted / SAMPLED_BYTES
}

interface Magic {
  readonly offset: number
  readonly bytes: readonly number[]
}

const ascii = (text: string): readonly number[] => [...text].map((char) => char.charCodeAt(0))
const magic = (bytes: readonly number[], offset = 0): Magic => ({ offset, bytes })

/** Formats whose payload is compressed as a rule. PDF, TIFF, WAV and tar are left to the entropy test. */
const COMPRESSED_FORMATS: readonly Magic[] = [
  magic([0x1f, 0x8b]), // gzip
  magic([0x28, 0xb5, 0x2f, 0xfd]), // zstd
  magic([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), // xz
  magic([...ascii('BZh')]), // bzip2
  magic([0x04, 0x22, 0x4d, 0x18]), // lz4 frame
  magic([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), // 7z
  magic([...ascii('Rar!'), 0x1a, 0x07]),
  magic([0x50, 0x4b, 0x03, 0x04]), // zip, office documents, jar, apk
  magic([0xff, 0xd8, 0xff]), // JPEG
  magic([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), // PNG
  magic(ascii('GIF8')),
  magic(ascii('WEBP'), 8),
  magic(ascii('ftyp'), 4), // MP4, MOV, HEIC, AVIF
  magic([0x1a, 0x45, 0xdf, 0xa3]), // Matroska, WebM
  magic(ascii('OggS')),
  magic(ascii('fLaC')),
  magic(ascii('ID3')),
  magic(ascii('wOF2'))
]

const isCompressedFormat = (bytes: Uint8Array): boolean =>
  COMPRESSED_FORMATS.some((format) => format.bytes.every((byte, i) => bytes[format.offset + i] === byte))
