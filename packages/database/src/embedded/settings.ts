export interface SettingsOptions {
  /** Folder of the Unix socket; undefined where there are none, then `port` on loopback is used. */
  readonly socketFolder: string | undefined
  readonly port: number
  /** False: a crash of the machine may lose everything. For tests only. */
  readonly durable: boolean
}

/** Tuned for one small machine shared with everything else: durable, modest, quiet when idle. */
export const serverSettings = (options: SettingsOptions): Readonly<Record<string, string>> => ({
  ...listening(options),
  ...DURABILITY[options.durable ? 'durable' : 'fast'],
  password_encryption: 'scram-sha-256',
  max_connections: '60',
  superuser_reserved_connections: '2',

  shared_buffers: '64MB',
  work_mem: '4MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  huge_pages: 'off',
  jit: 'off',
  random_page_cost: '1.1',

  // Every background process costs memory; one machine gains nothing from parallel queries or workers.
  max_worker_processes: '1',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',
  max_replication_slots: '0',
  io_method: 'sync',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',
  autovacuum_naptime: '30s',

  wal_compression: 'on',
  max_wal_size: '1GB',
  min_wal_size: '80MB',
  checkpoint_timeout: '10min',

  // A session that forgets its transaction must not hold locks and old row versions for ever.
  idle_in_transaction_session_timeout: '5min',
  timezone: 'UTC',

  // Terse and without statements: error details quote values, and values are the users' data.
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  lc_messages: 'C'
})

const listening = ({ socketFolder, port }: SettingsOptions): Record<string, string> =>
  socketFolder === undefined
    ? { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' }
    : {
        listen_addresses: '',
        port: String(port),
        unix_socket_directories: socketFolder,
        unix_socket_permissions: '0700'
      }

const DURABILITY = {
  durable: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  // Still synchronous: a killed server must not lose what was committed, in tests neither.
  fast: { fsync: 'off', synchronous_commit: 'on', full_page_writes: 'off' }
} as const
