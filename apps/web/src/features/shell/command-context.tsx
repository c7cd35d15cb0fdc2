import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState
} from 'react'
import type { Action } from '../../ui/menu.tsx'

const Palette = lazy(async () => ({ default: (await import('./command-palette.tsx')).CommandPalette }))

interface Commands {
  readonly openPalette: () => void
  /** What the page in view offers; returns how to take it back. */
  readonly offer: (actions: () => readonly Action[]) => () => void
}

const Context = createContext<Commands | undefined>(undefined)

export const CommandProvider = ({ children }: { readonly children: ReactNode }) => {
  const offers = useRef(new Set<() => readonly Action[]>())
  const [actions, setActions] = useState<readonly Action[]>()
  const openPalette = useCallback(() => setActions([...offers.current].flatMap((list) => list())), [])

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      openPalette()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [openPalette])

  const value = useMemo(
    (): Commands => ({
      openPalette,
      offer: (list) => {
        offers.current.add(list)
        return () => offers.current.delete(list)
      }
    }),
    [openPalette]
  )
  return (
    <Context value={value}>
      {children}
      {actions !== undefined && (
        <Suspense>
          <Palette actions={actions} onClose={() => setActions(undefined)} />
        </Suspense>
      )}
    </Context>
  )
}

export const useCommands = (): Commands => {
  const value = use(Context)
  if (value === undefined) throw new Error('outside of CommandProvider')
  return value
}

/** Offers actions in the palette while the component is shown. */
export const useOffer = (actions: readonly Action[]): void => {
  const { offer } = useCommands()
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => offer(() => latest.current), [offer])
}
