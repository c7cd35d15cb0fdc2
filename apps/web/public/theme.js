// Before the first paint: the appearance this person chose, so that nothing flashes.
;(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem('cairn.preferences') ?? '{}')
    if (chosen.theme === 'light' || chosen.theme === 'dark') document.documentElement.dataset.theme = chosen.theme
    if (chosen.language) document.documentElement.lang = chosen.language
  } catch {
    // Storage is switched off: the system's appearance it is.
  }
})()
