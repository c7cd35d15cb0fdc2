import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../api/client.tsx'
import { ancestorsQuery } from '../../api/files-queries.ts'
import { useDrive } from './use-drive.ts'

/** A folder's name and the folder above it; of the root neither. */
export const useFolderPlace = (
  folder: string
): { readonly parent: string | undefined; readonly name: string | undefined } => {
  const drive = useDrive()
  const { data } = useQuery({ ...ancestorsQuery(useClient(), drive.id, folder), enabled: folder !== drive.rootId })
  return folder === drive.rootId
    ? { parent: undefined, name: undefined }
    : { parent: data?.at(-2)?.id, name: data?.at(-1)?.name }
}
