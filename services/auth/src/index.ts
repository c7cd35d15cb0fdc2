export type { AuthConfig, SignupPolicy } from './config.ts'
export type { SetupState } from './domain/accounts/setup.ts'
export { type AuthModule, authModule } from './module.ts'
export type { AuthInstance } from './service.ts'
