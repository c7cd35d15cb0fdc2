export const Logo = ({ className }: { readonly className?: string }) => (
  <svg viewBox="0 0 64 64" aria-hidden="true" className={className}>
    <ellipse cx="32" cy="51" rx="24" ry="9" fill="#5b6b73" />
    <ellipse cx="31" cy="36" rx="17" ry="7.5" fill="#7f929b" />
    <ellipse cx="33" cy="23" rx="11.5" ry="6" fill="#a3b4bb" />
    <ellipse cx="32" cy="13" rx="6.5" ry="4.5" fill="#e0854a" />
  </svg>
)
