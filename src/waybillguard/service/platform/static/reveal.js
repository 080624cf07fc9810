// One record for a minute: counts down, blocks copying, and leaves nothing in the page behind it.
(function () {
  'use strict'
  const secret = document.getElementById('secret')
  if (!secret) return
  for (const kind of ['copy', 'cut', 'contextmenu', 'dragstart', 'selectstart']) {
    document.addEventListener(kind, (event) => event.preventDefault())
  }
  const clear = () => { secret.replaceChildren() }
  const end = Date.now() + 1000 * Number(secret.dataset.seconds)
  const shown = document.getElementById('countdown')
  const timer = window.setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000)
    if (left > 0) { shown.textContent = String(left); return }
    window.clearInterval(timer)
    clear()
    window.location.replace(secret.dataset.back)
  }, 250)
  // The stream ends with the sign-in: what was shown goes with it. One that never opened says nothing.
  const port = document.body.dataset.livePort
  if (port) {
    const source = new EventSource(`${window.location.protocol}//${window.location.hostname}:${port}/events`, { withCredentials: true })
    source.onopen = () => {
      source.onerror = () => { source.close(); window.clearInterval(timer); clear(); window.location.replace(secret.dataset.back) }
    }
  }
  window.addEventListener('pagehide', clear)
  window.addEventListener('beforeprint', clear)
})()
