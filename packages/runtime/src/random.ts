/** Randomness as core code sees it; simulation seeds it. */
export interface Random {
  /** Cryptographically strong bytes. */
  bytes(length: number): Uint8Array
  /** A random UUID whose leading bits grow with time (version 7): good index locality. */
  uuid(): string
  /** Uniform in [0, 1), for jitter. */
  unit(): number
}
