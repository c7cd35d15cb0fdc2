import type { Drive } from '@cairn/client'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useClient } from '../../api/client.tsx'
import { driveQuery } from '../../api/files-queries.ts'

/** The drive in view: the person's own. */
export const useDrive = (): Drive => useSuspenseQuery(driveQuery(useClient())).data
