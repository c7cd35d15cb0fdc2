import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useLocale } from '../app/locale.tsx'
import { IconButton } from './button.tsx'

interface ToastData {
  readonly undo?: { readonly label: string; readonly run: () => void }
}

export const ToastProvider = ({ children }: { readonly children: ReactNode }) => (
  <Toast.Provider limit={4}>
    {children}
    <Toast.Portal>
      <Toast.Viewport className="fixed inset-x-4 bottom-4 z-50 mx-auto grid w-auto max-w-md gap-2 outline-none max-md:bottom-20">
        <List />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
)

const List = () => {
  const { toasts } = Toast.useToastManager<ToastData>()
  const { t } = useLocale()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['down', 'right']}
      className="fade-motion flex items-center gap-3 rounded-xl bg-raised py-2 ps-4 pe-2 shadow-pop"
    >
      {toast.type === 'error' ? (
        <CircleAlert aria-hidden="true" className="size-4.5 shrink-0 text-danger" />
      ) : (
        <CircleCheck aria-hidden="true" className="size-4.5 shrink-0 text-ok" />
      )}
      <Toast.Content className="min-w-0 grow">
        <Toast.Title className="[overflow-wrap:anywhere]" />
        <Toast.Description className="text-muted [overflow-wrap:anywhere]" />
      </Toast.Content>
      {toast.data?.undo !== undefined && (
        <Toast.Action
          className="shrink-0 rounded-lg px-2.5 py-1.5 font-medium text-accent hover:bg-hover"
          onClick={() => {
            toast.data?.undo?.run()
          }}
        >
          {toast.data.undo.label}
        </Toast.Action>
      )}
      <Toast.Close render={<IconButton label={t.common.close} />}>
        <X />
      </Toast.Close>
    </Toast.Root>
  ))
}

export interface Notify {
  readonly done: (title: string, undo?: ToastData['undo']) => void
  readonly failed: (title: string, description?: string) => void
}

/** Short news that need no answer. */
export const useNotify = (): Notify => {
  const { add } = Toast.useToastManager<ToastData>()
  return useMemo(
    () => ({
      done: (title, undo) => {
        add({
          title,
          type: 'done',
          timeout: undo === undefined ? 4000 : 8000,
          data: undo === undefined ? {} : { undo }
        })
      },
      failed: (title, description) => {
        add({ title, description, type: 'error', timeout: 10_000, priority: 'high' })
      }
    }),
    [add]
  )
}
