export const Preview = (_props: {
  id: string
  siblings: readonly unknown[]
  onMove: (id: string) => void
  onClose: () => void
}) => null
