import { httpRoutes } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import type { AuthContext } from '../context.ts'
import { fromStoreError } from '../errors.ts'
import { getAudit, getAuditVerdict } from './admin/audit.ts'
import { deleteInvite, getInvites, postInvite } from './admin/invites.ts'
import { getMessages } from './admin/messages.ts'
import { putPolicy } from './admin/policy.ts'
import { postSigningKey } from './admin/signing-keys.ts'
import { postUserLogout, postUserReset } from './admin/user-access.ts'
import { deleteUser, getUser, getUsers, patchUser, postUser } from './admin/users.ts'
import { deleteAppPassword, getAppPasswords, postAppPassword } from './app-passwords.ts'
import { getOwnAudit } from './audit.ts'
import { getJwks } from './jwks.ts'
import { postLogin } from './login.ts'
import { postLogout, postLogoutAll } from './logout.ts'
import { getMe, patchMe } from './me.ts'
import { postPassword } from './password.ts'
import { postResetConfirm, postResetRequest } from './password-reset.ts'
import { getPolicy } from './policy.ts'
import { postRefresh } from './refresh.ts'
import { postRegister } from './register.ts'
import { deleteSession, getSessions } from './sessions.ts'
import { getSetup, postSetup } from './setup.ts'

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
