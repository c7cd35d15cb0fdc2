/**
 * Every operation of /v1/openapi.json and the test file that uses it with success. coverage.test.ts compares this list
 * with the document, and each file proves its own part (see _coverage.ts).
 */
export const COVERAGE: Readonly<Record<string, string>> = {
  'GET /livez': 'server.test.ts',
  'GET /readyz': 'server.test.ts',
  'GET /metrics': 'server.test.ts'
}
