import type { ServiceHost, ServiceModule } from '@cairn/service'
import { type AuthConfig, readConfig } from './config.ts'
import { type AuthInstance, createAuthService } from './service.ts'

export interface AuthModule extends ServiceModule<AuthConfig> {
  readonly create: (host: ServiceHost, config: AuthConfig) => Promise<AuthInstance>
}

export const authModule: AuthModule = {
  name: 'auth',
  dependencies: [],
  config: readConfig,
  create: createAuthService
}
