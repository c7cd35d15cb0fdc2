import type { Node } from '@cairn/client'
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { useDrive } from './use-drive.ts'
import { useNodeOperations } from './use-node-operations.ts'

interface RenameInputProps {
  readonly node: Node
  readonly onDone: () => void
}

/** In place of the name. Enter and leaving save, Escape does not; a refusal is said here and the text kept. */
export const RenameInput = ({ node, onDone }: RenameInputProps) => {
  const { t } = useLocale()
  const { rename } = useNodeOperations(useDrive())
  const input = useRef<HTMLInputElement>(null)
  const [name, setName] = useState(node.name)
  const save = useMutation({ mutationFn: (next: string) => rename(node, next), onSuccess: onDone })

  useEffect(() => {
    const dot = node.kind === 'file' ? node.name.lastIndexOf('.') : -1
    input.current?.focus()
    input.current?.setSelectionRange(0, dot > 0 ? dot : node.name.length)
  }, [node])

  const commit = () => {
    if (save.isPending) return
    if (name === node.name || name.trim() === '') onDone()
    else save.mutate(name)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape') onDone()
  }
  return (
    <div
      className="relative min-w-0 grow"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <input
        ref={input}
        aria-label={t.files.renameOf(node.name)}
        aria-invalid={save.isError}
        spellCheck={false}
        value={name}
        onChange={(event) => {
          save.reset()
          setName(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => (save.isError ? onDone() : commit())}
        className="h-8 w-full rounded-md border border-accent bg-surface px-2 outline-none"
      />
      {save.isError && (
        <p
          role="alert"
          className="absolute start-0 top-full z-10 mt-1 rounded-md bg-danger-tint px-2 py-1 text-xs text-danger shadow-pop"
        >
          {explainShort(save.error, t)}
        </p>
      )}
    </div>
  )
}
