// The console's own script: keys, selection, upload, small helpers. No markup is ever built from text.
(function () {
  'use strict'
  const $ = (selector, from) => (from || document).querySelector(selector)
  const $$ = (selector, from) => Array.from((from || document).querySelectorAll(selector))

  // --- keys ------------------------------------------------------------------------------------
  let current = -1
  const rows = () => $$('[data-row]')
  function goTo (index) {
    const all = rows()
    if (!all.length) return
    current = Math.max(0, Math.min(index, all.length - 1))
    all.forEach((row, i) => row.classList.toggle('wg-current', i === current))
    const link = $('[data-row-link]', all[current])
    if (link) link.focus({ preventScroll: true })
    all[current].scrollIntoView({ block: 'nearest' })
  }
  document.addEventListener('focusin', (event) => {
    const row = event.target.closest && event.target.closest('[data-row]')
    if (!row) return
    const all = rows()
    current = all.indexOf(row)
    all.forEach((other) => other.classList.toggle('wg-current', other === row))
  })
  function typing (target) {
    return target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const menu = $('details.wg-me[open]')
    if (event.key === 'Escape' && menu) { menu.open = false; $('summary', menu).focus(); return }
    if (event.key === 'Escape' && typing(event.target)) { event.target.blur(); return }
    if (event.target.matches('[data-submit-on-change] select')) event.target.dataset.keyed = ''
    if (typing(event.target) || $('dialog[open]')) return
    // The page's own search comes after the one of the top bar.
    const keyed = event.key === '/' || event.key === 'p' ? $$(`[data-key="${event.key}"]`).pop() : null
    if (keyed && event.key === '/') { event.preventDefault(); keyed.focus(); keyed.select() }
    else if (keyed && !keyed.closest('[hidden]')) { event.preventDefault(); keyed.click() }
    else if (event.key === 'j') { event.preventDefault(); goTo(current + 1) }
    else if (event.key === 'k') { event.preventDefault(); goTo(current - 1) }
    else if (event.key === 'x' && current >= 0) {
      const box = $('input[name=id]', rows()[current])
      if (box) { event.preventDefault(); box.checked = !box.checked; counted() }
    } else if (event.key === 'o' && current >= 0) {
      const link = $('[data-row-link]', rows()[current])
      if (link) { event.preventDefault(); link.click() }
    } else if (event.key === '?') { const keys = $('#keys'); if (keys) keys.showModal() }
  })
  // A page that answers a form stands in the history as if it had been asked for: Back and reload send nothing again.
  if ('posted' in document.body.dataset) window.history.replaceState(null, '', window.location.href)
  const filters = $('#filters')
  if (filters && !filters.hasAttribute('data-used') && window.matchMedia('(max-width: 48rem)').matches) filters.open = false
  if (window.location.hash === '#value' && $('#value')) $('#value').focus()
  // On a low screen the menu scrolls by itself: the entry of this page is in sight.
  const entry = $('.wg-nav [aria-current]')
  if (entry) entry.scrollIntoView({ block: 'nearest' })

  // --- polling: a hidden page asks nothing; a part that has not changed is not sent again ------------
  const shown = new Map()
  const polls = (ctx) => ctx.sourceEvent && ctx.sourceEvent.type === 'every'
  document.addEventListener('htmx:config:request', (event) => {
    const ctx = event.detail.ctx
    if (!polls(ctx)) return
    if (document.hidden) { event.preventDefault(); return }
    if (shown.has(ctx.request.action)) ctx.request.headers['If-None-Match'] = shown.get(ctx.request.action)
  })
  document.addEventListener('htmx:after:request', (event) => {
    const ctx = event.detail.ctx
    const tag = polls(ctx) && ctx.response.status === 200 && ctx.response.headers.get('ETag')
    if (tag) shown.set(ctx.request.action, tag)
  })

  // --- selection -------------------------------------------------------------------------------
  function counted () {
    const bar = $('#printbar')
    if (!bar) return
    const boxes = $$('input[name=id]')
    const chosen = boxes.filter((box) => box.checked)
    bar.hidden = chosen.length === 0
    $('#chosen-count').textContent = String(chosen.length)
    boxes.forEach((box) => box.closest('tr').classList.toggle('wg-chosen', box.checked))
    const all = $('#all')
    all.checked = chosen.length > 0 && chosen.length === boxes.length
    all.indeterminate = chosen.length > 0 && !all.checked
  }
  let last = null
  document.addEventListener('click', (event) => {
    const box = event.target.closest('input[name=id]')
    if (!box) return
    if (event.shiftKey && last) {
      const boxes = $$('input[name=id]')
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b)
      boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked })
    }
    last = box
    counted()
  })
  document.addEventListener('change', (event) => {
    if (event.target.id === 'all') {
      $$('input[name=id]').forEach((box) => { box.checked = event.target.checked })
      counted()
    }
    const form = event.target.form
    // Arrow keys change a select with every press: who chooses by keyboard submits by Enter or the button.
    if (form && form.hasAttribute('data-submit-on-change') && event.target.matches('select:not([data-keyed])')) form.requestSubmit()
  })
  document.addEventListener('pointerdown', (event) => { if (event.target.matches && event.target.matches('select')) delete event.target.dataset.keyed })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.dataset.confirm && !form.confirmed) { event.preventDefault(); confirm(form, event.submitter); return }
    if (form.hasAttribute('data-submit-on-change')) $$('input, select', form).forEach((f) => { if (!f.value) f.disabled = true })
    if (form.method !== 'dialog' && !form.hasAttribute('data-plain') && form.id !== 'upload' && !event.defaultPrevented) busy(true)
  })
  window.addEventListener('pageshow', () => { busy(false); counted(); $$('[data-submit-on-change] :disabled').forEach((f) => { f.disabled = false }) })
  // A dangerous act waits for a yes; its button says again what it does.
  function confirm (form, button) {
    const dialog = $('#confirm')
    $('#confirm-text').textContent = form.dataset.confirm
    $('button[value=yes]', dialog).textContent = button ? button.textContent.trim() || button.getAttribute('aria-label') : ''
    dialog.returnValue = ''
    dialog.addEventListener('close', () => {
      if (dialog.returnValue !== 'yes') { if (button) button.focus(); return }
      form.confirmed = true
      form.requestSubmit(button)
    }, { once: true })
    dialog.showModal()
  }
  function busy (on) { const sign = $('#busy'); if (sign) sign.hidden = !on }

  // --- drawer, dialogs, copy -------------------------------------------------------------------
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-open]')
    if (opener) document.getElementById(opener.dataset.open).showModal()
    const shut = event.target.closest('[data-close]')
    if (shut) shut.closest('dialog').close()
    const copy = event.target.closest('[data-copy]')
    if (copy) { const field = document.getElementById(copy.dataset.copy); field.select(); if (navigator.clipboard) navigator.clipboard.writeText(field.value).catch(() => {}) }
    const choose = event.target.closest('#choose-none')
    if (choose) { $$('input[name=id]').forEach((box) => { box.checked = false }); counted() }
    if (event.target.matches && event.target.matches('dialog')) event.target.close()
    $$('details.wg-me[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false })
  })
  // An address may name a drawer of its page: a link elsewhere then leads straight into it.
  const named = window.location.hash ? document.getElementById(window.location.hash.slice(1)) : null
  if (named && named.matches('dialog')) named.showModal()
  $$('dialog[data-open-now]').forEach((dialog) => { if (!dialog.open) dialog.showModal() })
  const drawer = $('#drawer')
  if (drawer) {
    const shown = new MutationObserver(() => { if ($('#drawer-title') && !drawer.open) drawer.showModal() })
    shown.observe($('#drawer-body'), { childList: true })
    drawer.addEventListener('close', () => { $('#drawer-body').replaceChildren(); if (current >= 0) goTo(current) })
  }
  // --- tables: sorted by a click on a heading, cards on a phone --------------------------------------
  const byText = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare
  function sort (table, column, button) {
    const down = button.closest('th').getAttribute('aria-sort') === 'ascending'
    $$('th', table.tHead).forEach((head) => head.removeAttribute('aria-sort'))
    button.closest('th').setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const key = (row) => row.cells[column].innerText.trim().replace(/^[—-]$/, '').replace(/(\d),(?=\d{3})/g, '$1')
    // A collator reads no sign: a rise, a fall and a share are compared as numbers, empty cells before them.
    const signed = (text) => /^[+\-−]\d/.test(text)
    const rows = Array.from(table.tBodies[0].rows).map((row) => [key(row), row])
    const number = (text) => text ? parseFloat(text.replace('−', '-')) : -Infinity
    const numbers = rows.some(([text]) => signed(text)) && rows.every(([text]) => !text || /^[+\-−]?\d+(\.\d+)?%?$/.test(text))
    const sorted = rows.sort((a, b) => numbers ? number(a[0]) - number(b[0]) || 0 : byText(a[0], b[0]))
    if (down) sorted.reverse()
    table.tBodies[0].append(...sorted.map(([, row]) => row))
  }
  function dress (table) {
    if (!table.tHead || table.tHead.rows.length !== 1 || 'dressed' in table.dataset) return
    table.dataset.dressed = ''
    const heads = Array.from(table.tHead.rows[0].cells)
    const bodies = Array.from(table.tBodies[0].rows)
    if (bodies.some((row) => row.cells.length !== heads.length)) return
    const words = heads.map((head) => head.querySelector('.visually-hidden, input') ? '' : head.textContent.trim())
    bodies.forEach((row) => Array.from(row.cells).forEach((cell, i) => { if (words[i]) cell.dataset.label = words[i] }))
    table.classList.add('wg-cards')
    const card = table.closest('.card, form, main')
    if (bodies.length < 3 || $('.wg-pages a', card) || $('tbody input:not([type=checkbox], [type=hidden])', table)) return
    heads.forEach((head, i) => {
      if (!words[i]) return
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'wg-plain wg-sort'
      button.append(...head.childNodes)
      button.addEventListener('click', () => sort(table, i, button))
      head.append(button)
    })
  }
  const dressAll = () => $$('table.wg-table').forEach(dress)
  dressAll()
  document.addEventListener('htmx:after:swap', dressAll)
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    const problem = $('#passkey-problem')
    if (problem) problem.hidden = false
  })

  // --- upload ----------------------------------------------------------------------------------
  const upload = $('#upload')
  if (upload) {
    const file = $('#file')
    const drop = $('#drop')
    const problem = $('#upload-problem')
    const progress = $('#upload-progress')
    const button = $('button[type=submit]', upload)
    const say = (text) => { $('span', problem).textContent = text; problem.hidden = !text }
    let depth = 0
    const hold = (event) => { event.preventDefault() }
    // Nothing is imported before the preview is confirmed, so a chosen file is uploaded at once.
    const chosen = () => { if (!button.disabled && file.files.length) upload.requestSubmit(button) }
    if ('atOnce' in upload.dataset) file.addEventListener('change', chosen)
    window.addEventListener('dragover', hold)
    window.addEventListener('drop', hold)
    upload.addEventListener('dragenter', () => { depth += 1; drop.classList.add('wg-over') })
    upload.addEventListener('dragleave', () => { depth -= 1; if (depth <= 0) drop.classList.remove('wg-over') })
    upload.addEventListener('drop', (event) => {
      event.preventDefault()
      depth = 0
      drop.classList.remove('wg-over')
      if (event.dataTransfer.files.length) { file.files = event.dataTransfer.files; chosen() }
    })
    upload.addEventListener('submit', (event) => {
      event.preventDefault()
      say('')
      const request = new XMLHttpRequest()
      request.open('POST', upload.action)
      request.setRequestHeader('X-Requested-With', 'XMLHttpRequest')
      request.responseType = 'json'
      request.upload.addEventListener('progress', (step) => { if (step.lengthComputable) progress.value = 100 * step.loaded / step.total })
      request.addEventListener('load', () => {
        const answer = request.response || {}
        if (answer.address) { window.location = answer.address; return }
        again(answer.problem || upload.dataset.failed)
      })
      request.addEventListener('error', () => again(upload.dataset.failed))
      const again = (text) => { say(text); progress.hidden = true; button.disabled = false }
      progress.hidden = false
      progress.value = 0
      button.disabled = true
      request.send(new FormData(upload))
    })
  }
})()
