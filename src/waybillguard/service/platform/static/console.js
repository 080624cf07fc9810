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
    if (event.key === 'Escape' && typing(event.target)) { event.target.blur(); return }
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
  const filters = $('#filters')
  if (filters && !filters.hasAttribute('data-used') && window.matchMedia('(max-width: 48rem)').matches) filters.open = false
  if (window.location.hash === '#value' && $('#value')) $('#value').focus()

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
    if (form && form.hasAttribute('data-submit-on-change') && event.target.matches('select')) form.requestSubmit()
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return }
    if (form.hasAttribute('data-submit-on-change')) $$('input, select', form).forEach((f) => { if (!f.value) f.disabled = true })
    if (form.method !== 'dialog' && !form.hasAttribute('data-plain') && form.id !== 'upload' && !event.defaultPrevented) busy(true)
  })
  window.addEventListener('pageshow', () => { busy(false); counted(); $$('[data-submit-on-change] :disabled').forEach((f) => { f.disabled = false }) })
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
  $$('dialog[data-open-now]').forEach((dialog) => dialog.showModal())
  const drawer = $('#drawer')
  if (drawer) {
    const shown = new MutationObserver(() => { if ($('#drawer-title') && !drawer.open) drawer.showModal() })
    shown.observe($('#drawer-body'), { childList: true })
    drawer.addEventListener('close', () => { $('#drawer-body').replaceChildren(); if (current >= 0) goTo(current) })
  }
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
    window.addEventListener('dragover', hold)
    window.addEventListener('drop', hold)
    upload.addEventListener('dragenter', () => { depth += 1; drop.classList.add('wg-over') })
    upload.addEventListener('dragleave', () => { depth -= 1; if (depth <= 0) drop.classList.remove('wg-over') })
    upload.addEventListener('drop', (event) => {
      event.preventDefault()
      depth = 0
      drop.classList.remove('wg-over')
      if (event.dataTransfer.files.length) { file.files = event.dataTransfer.files; button.focus() }
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
