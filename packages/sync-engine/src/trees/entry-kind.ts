export type EntryKind = 'file' | 'folder'
