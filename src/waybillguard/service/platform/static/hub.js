// Evidence of a joint case: the file stays here; its name, size and SHA-256 are worked out in the browser and entered.
(function () {
  'use strict'
  const picker = document.getElementById('a-file')
  if (!picker || !window.crypto || !crypto.subtle) return
  const said = document.getElementById('a-said')
  const LARGEST = 1024 * 1024 * 1024
  picker.addEventListener('change', async () => {
    const file = picker.files[0]
    if (!file) return
    if (file.size > LARGEST) { said.textContent = said.dataset.large; return }
    said.textContent = said.dataset.busy
    try {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
      const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      document.getElementById('a-sha').value = hex
      document.getElementById('a-size').value = file.size
      const name = document.getElementById('a-name')
      if (!name.value) name.value = file.name
      const there = Array.from(document.querySelectorAll('[data-sha]')).find((row) => row.dataset.sha === hex)
      said.textContent = there ? `${said.dataset.same} ${there.dataset.name}` : said.dataset.fresh
    } catch (error) {
      said.textContent = said.dataset.failed
    }
  })
})()
