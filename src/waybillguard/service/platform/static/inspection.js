// Findings of an inspection: kept in this browser first, sent when there is a network, removed once the hub has them.
// Each carries a number of its own, so that what is sent twice counts once.
(function () {
  'use strict'
  const root = document.getElementById('inspection')
  if (!root) return
  const base = `/town/inspections/${root.dataset.special}/`
  const policy = window.trustedTypes ? window.trustedTypes.createPolicy('inspection', { createScriptURL: (url) => url === '/town/phone-worker.js' ? url : '' }) : null
  const said = document.getElementById('waiting')
  let sending = false
  let again = false

  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open('waybillguard-inspection', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('findings', { keyPath: 'uid' })
      request.result.createObjectStore('photos', { keyPath: 'uid' })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

  // Resolves when the transaction is complete, not when the request is: then it lies on the disk.
  async function store (names, work, mode = 'readwrite') {
    const database = await opened
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode)
      const request = work(...names.map((name) => transaction.objectStore(name)))
      transaction.oncomplete = () => resolve(request && request.result)
      transaction.onerror = transaction.onabort = () => reject(transaction.error)
    })
  }
  const all = (name) => store([name], (rows) => rows.getAll(), 'readonly').then((rows) => rows.filter((row) => row.special === root.dataset.special))
  const waitingIn = (name) => all(name).then((rows) => rows.filter((row) => !row.refused))
  const form = (check) => root.querySelector(`[data-check="${check}"]`)
  const tell = (check, text) => { const place = form(check); if (place) place.querySelector('output').textContent = text }

  async function show () {
    const waiting = (await waitingIn('findings')).length + (await waitingIn('photos')).length
    said.textContent = waiting ? `${root.dataset.waiting} ${waiting}` : root.dataset.allSent
    said.dataset.count = String(waiting)
  }

  root.addEventListener('submit', async (event) => {
    event.preventDefault()
    const place = event.target
    const check = place.dataset.check
    const result = new FormData(place).get('result')
    if (!result) { tell(check, root.dataset.choose); return }
    const special = root.dataset.special
    const claim = place.elements.shown.checked ? 'witnessed' : 'retested'
    const finding = { uid: crypto.randomUUID(), special, check, result, claim, note: place.elements.note.value, at: new Date().toISOString() }
    const photos = [...place.elements.photo.files].slice(0, Number(root.dataset.max)).map((file) => ({ uid: crypto.randomUUID(), special, check, file }))
    place.querySelector('fieldset').disabled = true
    try {
      await store(['findings', 'photos'], (findings, pictures) => { photos.forEach((one) => pictures.put(one)); return findings.put(finding) })
      tell(check, root.dataset.kept)
    } catch (error) {
      place.querySelector('fieldset').disabled = false
      tell(check, String(error))
      return
    }
    await show()
    send()
  })

  async function post (path, fields, token) {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    const answer = await fetch(base + path, { method: 'POST', body, headers: { 'X-CSRFToken': token }, redirect: 'manual' })
    if (!answer.ok) throw new Error(String(answer.status))
    return answer.json()
  }

  // One after another; whatever fails stays and is tried again. A finding goes before its photos.
  async function send () {
    if (sending) { again = true; return }
    sending = true
    try {
      const answer = await fetch(`${base}state/`, { redirect: 'manual' })
      if (!answer.ok) { said.textContent = root.dataset.signIn; return }
      const { token, known } = await answer.json()
      for (const [check, result] of Object.entries(known)) mark(check, result)
      for (const one of await waitingIn('findings')) await settle('findings', one, await post('finding/', one, token))
      for (const one of await waitingIn('photos')) await settle('photos', one, await post('photo/', { uid: one.uid, check: one.check, photo: one.file }, token))
      await show()
    } catch (error) {
      await show()
    } finally {
      sending = false
      if (again) { again = false; send() }
    }
  }

  // What the hub has is removed here; what it refuses stays on this phone with the reason.
  async function settle (name, one, answer) {
    if (answer.state === 'refused') {
      await store([name], (rows) => rows.put({ ...one, refused: answer.why }))
      tell(one.check, answer.why)
      return
    }
    await store([name], (rows) => rows.delete(one.uid))
    if (name === 'findings') mark(one.check, one.result)
  }

  function mark (check, result) {
    const place = form(check)
    if (!place) return
    place.querySelector('fieldset').disabled = true
    place.querySelectorAll('[name=result]').forEach((one) => { one.checked = one.value === result })
    tell(check, root.dataset.sent)
  }

  async function keepPage () {
    if (!('serviceWorker' in navigator)) return
    const address = '/town/phone-worker.js'
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, { scope: '/town/inspections/' })
    await navigator.serviceWorker.ready
    const cache = await caches.open('waybillguard-inspection-1')
    const files = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map((one) => one.href || one.src)
    await cache.addAll([location.pathname, ...files])
    root.dataset.ready = 'yes'
  }

  document.getElementById('send-now').addEventListener('click', send)
  window.addEventListener('online', send)
  keepPage().catch(() => {})
  all('findings').then((rows) => rows.forEach((one) => { form(one.check) && (form(one.check).querySelector('fieldset').disabled = true); tell(one.check, one.refused || root.dataset.kept) })).then(show).then(send)
})()
