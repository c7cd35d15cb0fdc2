import { CairnError } from '@cairn/contracts'

/** The same answer whatever was wrong with a credential; the reason stays inside for the log. */
export const refuseCredential = (reason: string): CairnError =>
  new CairnError('unauthenticated', 'The credential is not valid', { cause: new Error(reason) })
