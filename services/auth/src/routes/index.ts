import { httpRoutes } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import type { AuthContext } from '../context.ts'
import { fromStoreError } from '../errors.ts'
import { patchUser } from './admin/change-user.ts'
import { postInvite } from './admin/create-invite.ts'
import { postUser } from './admin/create-user.ts'
import { deleteUser } from './admin/delete-user.ts'
import { postUserLogout } from './admin/end-user-sessions.ts'
import { getUser } from './admin/get-user.ts'
import { getAudit } from './admin/list-audit.ts'
import { getInvites } from './admin/list-invites.ts'
import { getMessages } from './admin/list-messages.ts'
import { getUsers } from './admin/list-users.ts'
import { putPolicy } from './admin/put-policy.ts'
import { postUserReset } from './admin/reset-user-password.ts'
import { postSigningKey } from './admin/rotate-signing-key.ts'
import { getAuditVerdict } from './admin/verify-audit.ts'
import { deleteInvite } from './admin/withdraw-invite.ts'
import { postPassword } from './change-password.ts'
import { postResetConfirm } from './confirm-password-reset.ts'
import { postAppPassword } from './create-app-password.ts'
import { deleteSession } from './end-session.ts'
import { getJwks } from './get-jwks.ts'
import { getMe } from './get-me.ts'
import { getPolicy } from './get-policy.ts'
import { getSetup } from './get-setup.ts'
import { getAppPasswords } from './list-app-passwords.ts'
import { getOwnAudit } from './list-own-audit.ts'
import { getSessions } from './list-sessions.ts'
import { postLogin } from './login.ts'
import { postLogout } from './logout.ts'
import { postLogoutAll } from './logout-all.ts'
import { patchMe } from './patch-me.ts'
import { postSetup } from './post-setup.ts'
import { postRefresh } from './refresh.ts'
import { postRegister } from './register.ts'
import { postResetRequest } from './request-password-reset.ts'
import { postOperatorReset } from './reset-by-operator.ts'
import { deleteAppPassword } from './revoke-app-password.ts'

const operations = [
  getSetup,
  postSetup,
  getPolicy,
  postRegister,
  postLogin,
  postRefresh,
  postLogout,
  postLogoutAll,
  getMe,
  patchMe,
  postPassword,
  postResetRequest,
  postResetConfirm,
  postOperatorReset,
  getSessions,
  deleteSession,
  getAppPasswords,
  postAppPassword,
  deleteAppPassword,
  getOwnAudit,
  getUsers,
  getUser,
  postUser,
  patchUser,
  deleteUser,
  postUserReset,
  postUserLogout,
  putPolicy,
  getInvites,
  postInvite,
  deleteInvite,
  getMessages,
  getAudit,
  getAuditVerdict,
  postSigningKey,
  getJwks
]

export const routes = (context: AuthContext): FastifyPluginAsync =>
  httpRoutes((app) => {
    app.setErrorHandler((error) => {
      throw fromStoreError(error)
    })
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    for (const operation of operations) operation(app, context)
  })
