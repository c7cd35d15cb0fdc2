import type { CommandInstaller } from '../program.ts'
import { installAdmin } from './admin/index.ts'
import { installAppPassword } from './app-password.ts'
import { installCat } from './cat.ts'
import { installCp } from './cp.ts'
import { installDoctor } from './doctor.ts'
import { installDu } from './du.ts'
import { installGc } from './gc.ts'
import { installGet } from './get.ts'
import { installLogin } from './login.ts'
import { installLogout } from './logout.ts'
import { installLs } from './ls.ts'
import { installMkdir } from './mkdir.ts'
import { installMv } from './mv.ts'
import { installPut } from './put.ts'
import { installRm } from './rm.ts'
import { installServe } from './serve.ts'
import { installSetup } from './setup.ts'
import { installTrash } from './trash/index.ts'
import { installTree } from './tree.ts'
import { installVersion } from './version.ts'
import { installVersions } from './versions/index.ts'
import { installWhoami } from './whoami.ts'

/** In the order of the help. */
export const COMMANDS: readonly CommandInstaller[] = [
  installServe,
  installSetup,
  installLogin,
  installLogout,
  installWhoami,
  installLs,
  installTree,
  installDu,
  installPut,
  installGet,
  installCat,
  installMkdir,
  installMv,
  installCp,
  installRm,
  installTrash,
  installVersions,
  installAppPassword,
  installDoctor,
  installGc,
  installAdmin,
  installVersion
]
