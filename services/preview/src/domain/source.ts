/** The content a picture is made of, as metadata granted it. */
export interface Source {
  readonly vaultId: string
  readonly versionId: string
  readonly manifestId: Uint8Array
  readonly size: number
}
