import { type CommittedNode, type OperationResult, ProtocolError } from '@cairn/client'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'

/** The node an operation left. @throws CliError when it was refused. */
export function applied(result: OperationResult | undefined): CommittedNode {
  if (result?.error !== undefined) {
    const { code, detail } = result.error
    throw new CliError(exitOf(code), code, detail === '' ? code : detail)
  }
  if (result?.node === undefined) throw new ProtocolError('The server did not say what became of an operation')
  return result.node
}

function exitOf(code: string): ExitCode {
  if (code === 'quota_exceeded' || code === 'disk_full') return EXIT.space
  if (code === 'forbidden') return EXIT.auth
  if (code === 'not_found' || code === 'gone') return EXIT.notFound
  if (code === 'invalid_name' || code === 'invalid_request') return EXIT.general
  return EXIT.conflict
}
