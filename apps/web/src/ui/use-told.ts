import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { explain } from '../api/problem.ts'
import { useLocale } from '../app/locale.tsx'
import { useNotify } from './toasts.tsx'

interface ToldOptions<T, V> {
  readonly run: (input: V) => Promise<T>
  /** Said when it worked; nothing when undefined. */
  readonly done?: ((result: T, input: V) => string | undefined) | undefined
  /** Queries that are no longer right. */
  readonly stale?: readonly (readonly unknown[])[]
  readonly onSuccess?: (result: T, input: V) => void
}

/** A change whose outcome is told in a word; for buttons without a place of their own for errors. */
export const useTold = <T, V = void>({
  run,
  done,
  stale = [],
  onSuccess
}: ToldOptions<T, V>): UseMutationResult<T, Error, V> => {
  const queries = useQueryClient()
  const notify = useNotify()
  const { t } = useLocale()
  return useMutation({
    mutationFn: run,
    onSuccess: (result, input) => {
      const text = done?.(result, input)
      if (text !== undefined) notify.done(text)
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey })
      onSuccess?.(result, input)
    },
    onError: (error) => {
      const { title, advice } = explain(error, t)
      notify.failed(title, advice)
    }
  })
}
