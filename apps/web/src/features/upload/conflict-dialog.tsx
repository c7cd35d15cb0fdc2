import { useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check } from '../../ui/field.tsx'
import { useUploads, useUploadsSnapshot } from './uploads-context.tsx'

/** Names that are taken: one question, for one file or for all of them. */
export const ConflictDialog = () => {
  const { t } = useLocale()
  const uploads = useUploads()
  const { items } = useUploadsSnapshot()
  const [all, setAll] = useState(true)
  const [later, setLater] = useState<string>()
  const conflicts = items.filter(({ state }) => state === 'conflict')
  const [first] = conflicts
  const open = first !== undefined && later !== first.id
  if (first === undefined) return null

  // A folder in the way of a file cannot be replaced by it.
  const blocked = first.error?.detail === 'folder'
  const choose = (policy: 'version' | 'rename' | 'skip') => {
    const ids = all ? conflicts.map(({ id }) => id) : [first.id]
    uploads.resolve(ids, policy, all)
  }
  const choices = [
    { policy: 'rename', label: t.upload.keepBoth, text: t.upload.keepBothText },
    ...(blocked ? [] : [{ policy: 'version', label: t.upload.replace, text: t.upload.replaceText } as const]),
    { policy: 'skip', label: t.upload.skip, text: t.upload.skipText }
  ] as const
  return (
    <Dialog
      open={open}
      onClose={() => setLater(first.id)}
      title={conflicts.length === 1 ? t.upload.conflictOne(first.name) : t.upload.conflictTitle(conflicts.length)}
      description={conflicts.length === 1 ? t.upload.conflictText : `${first.name} … ${t.upload.conflictText}`}
    >
      <div className="grid gap-2">
        {choices.map(({ policy, label, text }) => (
          <button
            key={policy}
            type="button"
            onClick={() => choose(policy)}
            className="rounded-xl border border-line px-4 py-3 text-start hover:border-accent hover:bg-tint"
          >
            <span className="block font-medium">{label}</span>
            <span className="text-muted">{text}</span>
          </button>
        ))}
        {conflicts.length > 1 && (
          <Check
            className="pt-2"
            label={t.upload.applyToAll(conflicts.length - 1)}
            checked={all}
            onChange={(event) => setAll(event.target.checked)}
          />
        )}
      </div>
    </Dialog>
  )
}
