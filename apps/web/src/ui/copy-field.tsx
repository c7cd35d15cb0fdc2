import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useLocale } from '../app/locale.tsx'
import { Button } from './button.tsx'
import { INPUT } from './field.tsx'

/** Something to be taken elsewhere. */
export const CopyField = ({ label, value }: { readonly label: string; readonly value: string }) => {
  const { t } = useLocale()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    // Only secure contexts have it; the text stays selectable.
    void navigator.clipboard?.writeText(value).then(() => setCopied(true))
  }
  return (
    <div className="flex gap-2">
      <input
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.target.select()}
        className={`${INPUT} min-w-0 font-mono text-xs`}
      />
      <Button icon={copied ? <Check className="size-4" /> : <Copy className="size-4" />} onClick={copy}>
        {copied ? t.common.copied : t.common.copy}
      </Button>
    </div>
  )
}
