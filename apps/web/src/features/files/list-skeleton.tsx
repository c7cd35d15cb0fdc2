/** The shape of what is to come; only seen when the server takes its time. */
export const ListSkeleton = () => (
  <div aria-hidden="true" className="animate-[appear_1ms_200ms_both] pt-10">
    {Array.from({ length: 9 }, (_, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
      <div key={at} className="flex h-11 items-center gap-3 px-3">
        <div className="skeleton ms-6 size-6 rounded-md" />
        <div className="skeleton h-3.5 rounded" style={{ inlineSize: `${28 - (at % 4) * 5}%` }} />
      </div>
    ))}
  </div>
)
