export { type CairnClient, type ClientOptions, createClient } from './client.ts'
export { type CookieOptions, CSRF_HEADERS, cookieCredentials } from './credentials/cookie.ts'
export { anonymous, basic, bearer, type Credentials } from './credentials/credentials.ts'
export {
  memoryTokenStore,
  type SessionOptions,
  type SessionTokens,
  sessionCredentials,
  type TokenStore
} from './credentials/session.ts'
export { ApiError, NetworkError, type Problem, ProtocolError } from './errors.ts'
export type {
  CallOptions,
  CommittedNode,
  Drive,
  MutationOptions,
  Node,
  NodeKind,
  NodeState,
  OnConflict,
  Page,
  TrashedNode,
  Version
} from './models.ts'
export { pages } from './pages.ts'
export type {
  AdminResource,
  AdminUser,
  CollectionReport,
  CreatedUser,
  DoctorReport,
  DoctorRequest,
  Finding,
  NewUser,
  PasswordLink,
  Quota,
  StorageStats,
  UserChange
} from './resources/admin.ts'
export type {
  AccessAdministration,
  AccessPolicy,
  AuditEvent,
  AuditQuery,
  Invite,
  IssuedInvite,
  NewInvite,
  SignupPolicy,
  UndeliveredMessage
} from './resources/admin-access.ts'
export type { DoctorAdministration, DoctorProgress, DoctorRun } from './resources/admin-doctor.ts'
export type { DeadLetter, DeadLetterQuery, Queue, QueueAdministration, Queues } from './resources/admin-queues.ts'
export type { Archive, ArchiveSelection, ArchivesResource } from './resources/archives.ts'
export type {
  AppPassword,
  AuthResource,
  CreatedAppPassword,
  EmailChange,
  NewAppPassword,
  PasswordChange,
  PasswordCredentials,
  PasswordReset,
  Registration,
  Session,
  SetupAccount,
  SetupState,
  SignIn,
  User
} from './resources/auth.ts'
export type { BrowserSessionResource, CookieSignIn } from './resources/browser-session.ts'
export type { Content, ContentResource, NewContent, ReadOptions } from './resources/content.ts'
export type { DrivesResource } from './resources/drives.ts'
export {
  isJournalReset,
  type JournalEntry,
  type JournalOptions,
  type JournalPage,
  type JournalResource
} from './resources/journal.ts'
export type {
  ChildrenOptions,
  CopyTarget,
  NewFolder,
  NodeChange,
  NodeOperation,
  NodeOperationResult,
  NodesResource,
  OperationsReply,
  OperationsRequest
} from './resources/nodes.ts'
export type { TrashResource } from './resources/trash.ts'
export type {
  ChunkedUpload,
  CommitFile,
  CommitFolder,
  OperationResult,
  SendOptions,
  UploadCommit,
  UploadRef,
  UploadStatus,
  UploadsResource
} from './resources/uploads.ts'
export type { VersionRef, VersionsResource } from './resources/versions.ts'
export { systemTiming, type Timing } from './transport/clock.ts'
export { fetchPort, type HttpPort, type HttpReply, type HttpRequest, noAnswer } from './transport/http-port.ts'
export { type ApiRequest, path, type Query } from './transport/request.ts'
export { isTransient, type RetryEvent, type RetryPolicy } from './transport/retry.ts'
export type { Transport } from './transport/transport.ts'
