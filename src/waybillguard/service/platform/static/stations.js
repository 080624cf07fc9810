// The print room by keys and scan gun: a scanner types a code and presses Enter.
(function () {
  'use strict'
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return
    if (event.key === 'F8' && document.getElementById('first')) {
      event.preventDefault()
      document.getElementById('first').focus()
      document.getElementById('first').select()
      return
    }
    const keyed = /^F\d+$/.test(event.key) ? document.querySelector(`[data-fkey="${event.key}"]`) : null
    if (keyed) { event.preventDefault(); if (!keyed.disabled) keyed.click(); return }
    const field = event.target
    if (event.key === 'Enter' && field.dataset && field.dataset.then) {
      event.preventDefault()
      if (!field.value.trim()) return
      const next = document.getElementById(field.dataset.then)
      if (next.tagName === 'BUTTON') next.click()
      else { next.focus(); next.select() }
    }
  })
  document.addEventListener('click', (event) => {
    const pick = event.target.closest('[data-pick]')
    if (!pick) return
    const first = document.getElementById('first')
    const last = document.getElementById('last')
    if (!first.value) { first.value = pick.dataset.pick; last.value = pick.dataset.pick; first.focus() } else { last.value = pick.dataset.pick; last.focus() }
  })
  // After a scan the field is empty and ready for the next one.
  document.addEventListener('submit', (event) => {
    const field = event.target.querySelector('[data-refocus]')
    if (!field) return
    window.setTimeout(() => {
      field.value = ''
      const missed = document.getElementById('missed')
      if (missed) missed.checked = false
      field.focus()
    }, 0)
  })
})()
