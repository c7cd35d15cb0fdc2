/** The server refused one file, or the file cannot be read; others go on. */
export class UploadRefused extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.name = 'UploadRefused'
    this.code = code
  }
}
