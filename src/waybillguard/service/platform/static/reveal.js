// One record for a minute: counts down, blocks copying, and leaves nothing in the page behind it.
(function () {
  'use strict'
  const secret = document.getElementById('secret')
  if (!secret) return
  for (const kind of ['copy', 'cut', 'contextmenu', 'dragstart', 'selectstart']) {
    document.addEventListener(kind, (event) => event.preventDefault())
  }
  const clear = () => { secret.replaceChildren() }
  let end = Date.now() + 1000 * Number(secret.dataset.seconds)
  const shown = document.getElementById('countdown')
  const timer = window.setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000)
    if (left > 0) { shown.textContent = String(left); return }
    window.clearInterval(timer)
    clear()
    window.location.replace(secret.dataset.back)
  }, 250)
  // What was shown goes with the sign-in. A console that cannot be reached says nothing.
  window.setInterval(() => {
    fetch(secret.dataset.signedIn, { headers: { 'HX-Request': 'true' }, redirect: 'error', cache: 'no-store' })
      .then((answer) => { if (answer.status === 401 || answer.status === 403) end = 0 }, () => {})
  }, 2000)
  window.addEventListener('pagehide', clear)
  window.addEventListener('beforeprint', clear)
})()
