// A badge scanned on any page of a station: ask for the PIN of whoever comes next. The code stays in the form alone.
(function () {
  'use strict'
  const LENGTH = 40
  const WITHIN = 3000
  const dialog = document.getElementById('switch')
  if (!dialog) return
  const badge = dialog.querySelector('[name=badge]')
  const pin = dialog.querySelector('[name=pin]')
  let typed = ''
  let began = 0
  document.addEventListener('keydown', (event) => {
    if (dialog.open || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key >= '0' && event.key <= '9' && event.key.length === 1) {
      if (!typed || event.timeStamp - began > WITHIN) { typed = ''; began = event.timeStamp }
      typed += event.key
      return
    }
    const scanned = event.key === 'Enter' && typed.length === LENGTH && event.timeStamp - began <= WITHIN
    const code = typed
    typed = ''
    if (!scanned) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const field = document.activeElement
    if (field && typeof field.value === 'string' && field.value.endsWith(code)) field.value = field.value.slice(0, -LENGTH)
    for (const other of document.querySelectorAll('dialog[open]')) other.close()
    badge.value = code
    dialog.showModal()
    pin.focus()
  }, true)
  dialog.addEventListener('close', () => { badge.value = ''; pin.value = '' })
}())
