import { parseName } from '@cairn/names'
import { childKey, type Needs, noNeeds } from './needs.ts'
import type { Action, NodeRef, TreeRequest } from './operation.ts'

const isNodeId = (ref: NodeRef): boolean => !ref.startsWith('op:')

const wantChild = (needs: Needs, parentId: NodeRef, name: string): void => {
  if (!isNodeId(parentId)) return
  needs.nodeIds.add(parentId)
  const parsed = parseName(name)
  if (!parsed.ok) return
  const { fold } = parsed.name
  needs.children.set(childKey(parentId, fold), { parentId, fold })
}

const wantNode = (needs: Needs, ref: NodeRef): void => {
  if (isNodeId(ref)) needs.nodeIds.add(ref)
}

const addNeeds = (needs: Needs, action: Action): void => {
  switch (action.kind) {
    case 'make-folder':
      wantChild(needs, action.parent, action.name)
      break
    case 'put-file':
      if ('parent' in action.target) wantChild(needs, action.target.parent, action.target.name)
      else wantNode(needs, action.target.nodeId)
      break
    case 'move':
      wantNode(needs, action.nodeId)
      if (action.parent === undefined) break
      if (action.name === undefined) wantNode(needs, action.parent)
      else wantChild(needs, action.parent, action.name)
      break
    case 'trash':
    case 'restore':
    case 'purge':
      wantNode(needs, action.nodeId)
  }
}

/** What can be told beforehand; the rest is asked for while applying. */
export const planNeeds = (requests: readonly TreeRequest[]): Needs => {
  const needs = noNeeds()
  for (const request of requests) {
    for (const unit of request.units) for (const operation of unit.operations) addNeeds(needs, operation.action)
  }
  return needs
}

export const versionIdsOf = (requests: readonly TreeRequest[]): string[] =>
  requests
    .flatMap((request) => request.units)
    .flatMap((unit) => unit.operations)
    .flatMap(({ action }) => (action.kind === 'put-file' ? [action.content.versionId] : []))
