// What a person would see as broken on this page: clipped words, controls cut off, on top of each other or touching.
() => {
  const wrong = new Set()
  const words = (el) => (el.innerText || el.value || el.getAttribute('aria-label') || '').trim().replace(/\s+/g, ' ').slice(0, 40)
  const say = (what, el, more = '') => wrong.add(`${what}: ${el.tagName.toLowerCase()} "${words(el)}" ${more}`.trim())
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > window.innerWidth) wrong.add('the page scrolls sideways')
  const shown = (el) => {
    const box = el.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && !el.closest('.visually-hidden') &&
      el.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  }
  const scroller = (el) => {
    for (let up = el.parentElement; up; up = up.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth + 1) return up
    }
    return null
  }
  const drawn = (el) => {  // where the words of an element really lie, those for screen readers apart
    const boxes = []
    const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      if (!walk.currentNode.data.trim() || walk.currentNode.parentElement.closest('.visually-hidden')) continue
      const range = document.createRange()
      range.selectNodeContents(walk.currentNode)
      boxes.push(...range.getClientRects())
    }
    return boxes
  }
  for (const el of document.querySelectorAll('.btn, button, th, td, h1, h2, h3, label, legend, summary, dt, dd, p, .wg-tag, .form-select')) {
    if (!shown(el)) continue
    const style = getComputedStyle(el)
    const box = el.getBoundingClientRect()
    if (style.overflowX !== 'visible' && !/auto|scroll/.test(style.overflowX) && el.scrollWidth > el.clientWidth + 1) say('words cut off', el)
    if (!scroller(el) && (box.right > width + 1 || box.left < -1)) say('outside the window', el)
    if (el.matches('.btn, button, .wg-tag') && style.display !== 'inline') {
      if (drawn(el).some((t) => t.right > box.right + 1 || t.left < box.left - 1 || t.bottom > box.bottom + 2)) say('words outside', el)
    }
  }
  const controls = [...document.querySelectorAll('main button, main .btn, main input:not([type=hidden]), main select, main textarea')].filter(shown)
  for (const el of controls) {
    const box = el.getBoundingClientRect()
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
      const overflow = getComputedStyle(up).overflowX
      if (overflow === 'visible') continue
      const edge = up.getBoundingClientRect()
      if (!/auto|scroll/.test(overflow) && (box.right > edge.right + 1 || box.left < edge.left - 1)) say('cut off', el)
      break
    }
  }
  for (const [place, one] of controls.entries()) {
    for (const other of controls.slice(place + 1)) {
      if (one.contains(other) || other.contains(one) || one.closest('.wg-printbar') || other.closest('.wg-printbar')) continue
      const a = one.getBoundingClientRect()
      const b = other.getBoundingClientRect()
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (across > 2 && down > 2) say('on top of another', one, `and "${words(other)}"`)
      else if (across >= -3 && across <= 2 && down > 4 && one.matches('.btn') && other.matches('.btn')) say('touches', one, `"${words(other)}"`)
    }
  }
  return [...wrong].slice(0, 10)
}
