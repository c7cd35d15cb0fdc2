import type { Expectation, NodeRef, OnConflict, OnFileConflict } from '../domain/operation.ts'

/** What callers may ask for, over RPC and HTTP alike; parsed, but names and ids are judged when applied. */
export type ApiOperation = { readonly opId: string } & (
  | {
      readonly kind: 'make-folder'
      readonly parent: NodeRef
      readonly name: string
      readonly exclusive: boolean
    }
  | {
      readonly kind: 'put-file'
      readonly target: { readonly nodeId: string } | { readonly parent: NodeRef; readonly name: string }
      readonly versionId: string
      readonly manifestId: Uint8Array
      readonly size: number
      readonly mtime: number
      readonly onConflict: OnFileConflict
      readonly expect: Expectation
    }
  | {
      readonly kind: 'move'
      readonly nodeId: NodeRef
      readonly parent: NodeRef | undefined
      readonly name: string | undefined
      readonly onConflict: OnConflict
      readonly expect: Expectation
    }
  | {
      readonly kind: 'trash'
      readonly nodeId: NodeRef
      readonly expect: Expectation
      readonly observedSeq: number | undefined
    }
  | { readonly kind: 'restore'; readonly nodeId: string }
  | { readonly kind: 'purge'; readonly nodeId: string; readonly expect: Expectation }
  | {
      readonly kind: 'copy'
      readonly nodeId: string
      readonly parent: NodeRef
      /** The source's name when undefined. */
      readonly name: string | undefined
      readonly onConflict: OnFileConflict
    }
  | { readonly kind: 'restore-version'; readonly nodeId: string; readonly versionId: string }
)

export type ApiOperationKind = ApiOperation['kind']
export type ApiOperationOf<K extends ApiOperationKind> = Extract<ApiOperation, { readonly kind: K }>
