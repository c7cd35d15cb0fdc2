/** All in milliseconds. Stated in docs/auth.md. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

export const ACCESS_TOKEN_LIFE = 10 * MINUTE
export const REFRESH_IDLE_LIFE = 30 * DAY
export const REFRESH_TOTAL_LIFE = 90 * DAY
/** The token before the current one still gives the current one for this long. */
export const REFRESH_GRACE = 30 * SECOND
export const RESET_TOKEN_LIFE = 30 * MINUTE
export const INVITE_LIFE = 7 * DAY
export const INVITE_MAX_LIFE = 90 * DAY
export const KNOWN_SOURCE_LIFE = 90 * DAY
/** How long a verifier may cache an answer of ours. */
export const CHECK_MAX_AGE_SECONDS = 30
/** A new signing key is published this long before it signs; an old one this long after. */
export const KEY_OVERLAP = 15 * MINUTE
/** Steps of an app password's last use. */
export const LAST_USED_STEP = 10 * MINUTE
/** Ended and expired rows are kept this long for the owner's lists. */
export const ENDED_ROWS_KEPT = 30 * DAY
