/** A reader may reuse its buffer once the next one is asked for; a writer may still hold the last. */
export async function* copied(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of source) yield Uint8Array.from(bytes)
}
